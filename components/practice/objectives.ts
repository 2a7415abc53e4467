import type { Domain } from "./domains.ts";

/** Something that the exam asks of a person, in this project's words, and what here practises or shows it. */
export interface Objective {
  readonly domain: Domain;
  readonly says: string;
  readonly exercises: readonly string[];
  readonly drills: readonly string[];
  /** Why nothing here practises it: it is of another product, or of something that this lab has not. */
  readonly outside?: string;
}

const of =
  (domain: Domain) =>
  (says: string, exercises = "", drills = ""): Objective => ({
    ...{ domain, says },
    exercises: exercises.split(" ").filter(Boolean),
    drills: drills.split(" ").filter(Boolean),
  });

const notHere = (domain: Domain, says: string, outside: string): Objective => ({
  ...{ domain, says, outside, exercises: [], drills: [] },
});

const orchestration = of("orchestration");
const images = of("images");
const installation = of("installation");
const networking = of("networking");
const security = of("security");
const storage = of("storage");

/** Products that the exam's guide names beside the engine, which were sold with it and are not part of it. */
const SOLD = "a product that was sold beside the engine, and is not part of it";

/** The objectives of the Docker Certified Associate exam, by its study guide. */
export const OBJECTIVES: readonly Objective[] = [
  orchestration(
    "Set up a swarm of managers and workers, and change what a node is",
    "replace-a-manager drain-node pause-node remove-a-lost-node",
    "promote-demote manager-replacement node-replacement ghost-nodes full-restart",
  ),
  orchestration(
    "Quorum: how many managers, where they stand, what a loss does",
    "quorum-of-five managers-over-sites lost-quorum",
    "quorum-loss quorum-force split-brain partition zone-loss even-managers follower-loss leader-loss leader-handover leader-freeze stale-manager",
  ),
  orchestration(
    "From a container to a service: replicated and global, more and fewer tasks",
    "replicated-service global-service scale-service",
    "worker-loss drain rebalance",
  ),
  orchestration("Templates in the fields of a service", "template-fields"),
  orchestration(
    "Where tasks are placed: labels, constraints, preferences, resources",
    "constraint-by-label spread-over-zones drained-by-mistake limits-and-reservations",
    "pending-tasks",
  ),
  orchestration(
    "Updates and how they end: parallelism, order, pause, rollback",
    "rolling-update paused-update roll-back",
    "rolling-update failed-update manual-rollback",
  ),
  orchestration("Health checks and restarts", "health-check restart-policy"),
  orchestration("A service that does not start: what to look at", "pending-task what-the-log-says"),
  orchestration(
    "An application as a compose stack: deploy and change it",
    "compose-stack compose-update",
  ),
  orchestration("Configuration for services", "config-file", "config-rotation"),
  notHere("orchestration", "Workloads on Kubernetes", "another orchestrator"),
  images(
    "A Dockerfile: its parts, layers, what stays out, several stages",
    "build-image multi-stage-build",
  ),
  images("Images on an engine: tag, inspect, save, load, remove", "save-and-load disk-space"),
  images(
    "A registry: push, pull by tag and digest, delete, mirror",
    "push-to-a-registry image-by-digest delete-from-a-registry registry-mirror",
    "registry-down registry-gc restore-registry",
  ),
  notHere("images", "Signed images and content trust", "the service behind it was shut down"),
  installation(
    "Create a swarm, join nodes to it, take them out",
    "advertise-address join-the-swarm leave-the-swarm",
  ),
  installation(
    "Back a swarm up, and restore it",
    "",
    "backup hot-backup restore-cluster restore-new-node restore-other-address restore-autolocked restore-one-manager rehearsal time-travel all-managers-lost",
  ),
  installation(
    "The engine's settings: daemon.json, labels, mirrors, metrics",
    "engine-label engine-facts",
  ),
  installation("Log drivers and rotation", "log-rotation", "disk-full"),
  installation(
    "Find out what is: inspect with templates, events",
    "address-of-a-node exit-code-from-events",
  ),
  installation("Upgrade the engine of a cluster; its size", "", "engine-upgrade large-state"),
  notHere(
    "installation",
    "Universal Control Plane and Trusted Registry, their users and backups",
    SOLD,
  ),
  networking(
    "Overlay networks: make, attach, keep apart",
    "overlay-network names-within-a-network",
  ),
  networking("Names and load balancing: DNS, virtual addresses, round robin", "dns-round-robin"),
  networking("Publish a port through ingress or on the host", "host-port"),
  networking("HTTP traffic to services by host name", "router-by-host"),
  networking("Encrypted traffic between nodes, and its keys", "overlay-network", "overlay-keys"),
  security("Secrets: create, use, replace", "secret-file replace-secret", "secret-rotation"),
  security("Join tokens", "leaked-token", "token-rotation"),
  security(
    "The swarm's own CA and certificates",
    "certificate-lifetime rotate-the-ca",
    "ca-rotation certificate-expiry clock-skew restore-before-ca-rotation",
  ),
  security(
    "Autolock and the unlock key",
    "autolock-on locked-manager",
    "autolock unlock-key-rotation",
  ),
  security("Clients of an engine: TLS, certificates, contexts", "engine-with-tls"),
  security("A registry's certificate and login", "registry-certificate registry-login"),
  notHere(
    "security",
    "Role-based access, LDAP and client bundles of Universal Control Plane",
    SOLD,
  ),
  notHere("security", "Image scanning", SOLD),
  storage(
    "Volumes: whose they are, and what moves with a task",
    "volume-of-a-node shared-volume tmpfs-and-read-only",
    "volume-moves restore-volume",
  ),
  storage("What takes up the disk, and what may go", "disk-space", "disk-full"),
  storage("Storage drivers: which is in use", "engine-facts"),
];
