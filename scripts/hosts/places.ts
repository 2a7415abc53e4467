/** Folder on a host for all that the lab keeps there. */
export const LAB_FOLDER = "/etc/swarm-lab";
/** The packages that came for the lab, one a line: they go with it. */
export const INSTALLED = `${LAB_FOLDER}/installed`;
/** Those that were there before, while an install is not done. */
export const PACKAGES_BEFORE = `${LAB_FOLDER}/packages-before`;
/** The folders of an engine that were there before the lab, one a line: what is in them stays. */
export const FOLDERS_BEFORE = `${LAB_FOLDER}/folders-before`;
/** The volumes that were there before the lab, one a line: they stay. */
export const VOLUMES_BEFORE = `${LAB_FOLDER}/volumes-before`;
/** The user who was let into the group of those who may ask the engine. */
export const GROUP = `${LAB_FOLDER}/group`;
/** The settings of an engine that the lab brought. */
export const DAEMON = "/etc/docker/daemon.json";
/** Where an engine keeps what is its own. */
export const ENGINE_FOLDERS = ["/var/lib/docker", "/var/lib/containerd", "/etc/docker"] as const;
