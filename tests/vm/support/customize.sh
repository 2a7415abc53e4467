#!/bin/sh
# mmdebstrap's hook on the finished tree: customize.sh ROOT. The packages in $ENGINE are not installed but kept, with all
# they need, as a repository of the machine's own: machines have no internet, and a set-up that installs an engine there
# does what it does anywhere, `apt-get update` and `apt-get install`.
set -eu
root=$1
packages=$root/opt/packages
mkdir -p "$packages/partial"
# shellcheck disable=SC2086 # a list of words
chroot "$root" apt-get install --yes --download-only --no-install-recommends \
  -o Dir::Cache::archives=/opt/packages $ENGINE
rm -rf "$packages/partial" "$packages/lock"
cd "$packages"
for deb in *.deb; do
  dpkg-deb --field "$deb"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$deb" "$(stat -c %s "$deb")" "$(sha256sum "$deb" | cut -d ' ' -f 1)"
done >Packages
rm -f "$root"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/opt/packages ./' >"$root/etc/apt/sources.list"

# The first boot is the slow one under emulation: nothing is looked for that is known.
cat >"$root/etc/cloud/cloud.cfg.d/90-test.cfg" <<EOF_CFG
datasource_list: [NoCloud]
apt: { preserve_sources_list: true }
system_info: { network: { renderers: [networkd] } }
EOF_CFG
chroot "$root" systemctl enable systemd-networkd.service
# ifupdown has nothing to do here, and waits for all devices.
for unit in networking.service ifupdown-pre.service getty-static.service apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer; do
  chroot "$root" systemctl mask "$unit"
done
# Each machine is given its own.
rm -f "$root"/etc/ssh/ssh_host_*
