import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The release of Debian that the machines run, with its stock kernel. */
export const SUITE = "trixie";

/**
 * What every machine has. Not apparmor, although stock machines have it: compiling its hundred profiles takes minutes
 * under emulation, and neither Swarm nor the network's kernel features ask for it.
 */
export const PACKAGES = [
  ...["linux-image-cloud-amd64", "cloud-init", "openssh-server", "sudo", "dbus"],
  ...["ca-certificates", "iptables", "nftables", "iproute2", "procps", "curl", "tcpdump"],
] as const;

/** The engine: installed on one of the two disks, kept as packages on both. */
export const ENGINE = ["docker.io", "docker-cli"] as const;

/** Size of a machine's disk. The file has holes, and takes what is written. */
export const DISK_SIZE = "8G";

/** The script that mmdebstrap runs on the finished tree. */
export const CUSTOMIZE = join(import.meta.dirname, "customize.sh");

/**
 * Run before packages are unpacked: what the initrd has to find its disk with. The usual one has every driver there is,
 * and unpacking them took a quarter of the start under emulation.
 */
export const EARLY = `mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"
printf 'MODULES=list\\nCOMPRESS=lz4\\n' >"$1/etc/initramfs-tools/conf.d/test"
printf 'virtio_pci\\nvirtio_blk\\next4\\n' >"$1/usr/share/initramfs-tools/modules.d/test"`;

/** Installs the engine from the packages that were kept; no service is started in a tree that is no machine. */
export const INSTALL = `printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
chroot "$1" apt-get update --quiet
chroot "$1" apt-get install --yes --no-install-recommends ${ENGINE.join(" ")}
rm -rf "$1/usr/sbin/policy-rc.d" "$1"/var/lib/apt/lists/*`;

/**
 * Run before each disk is made of the tree. The name server and the name that mmdebstrap took from here are no machine's. An empty
 * machine-id is filled at the start; "uninitialized" would be a first boot to systemd, with the presets of all
 * units, and without .updated the caches of the linker and of the journal's catalogue would be made once more.
 */
export const FINISH = `: >"$1/etc/machine-id"
rm -f "$1/etc/resolv.conf" "$1/etc/hostname"
touch "$1/etc/.updated" "$1/var/.updated"`;

/** Twelve hex digits that are others as soon as anything of the recipe is. */
export function recipeKey(): string {
  const customize = readFileSync(CUSTOMIZE, "utf8");
  const recipe = [SUITE, PACKAGES, ENGINE, DISK_SIZE, EARLY, FINISH, INSTALL, customize];
  return createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 12);
}
