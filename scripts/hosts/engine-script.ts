import type { HostInput } from "../../components/nodes/hosts/host-input.ts";
import { quoted } from "../../components/nodes/quote.ts";
import { INSTALLED, PACKAGES_BEFORE } from "./places.ts";

/** The distribution's engine, and its client: Debian 13 has split it off. */
const ENGINE = "docker.io";

/**
 * Shell that installs an engine where there is none, and nothing else: what somebody installed otherwise stays as it is. The
 * packages that came are noted one by one, those of an install that was interrupted as well, as the list of those before
 * stays until it is done. Nothing is removed for it.
 */
export function installScript({ version }: HostInput["setup"]): string {
  return `export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt() { apt-get -o DPkg::Lock::Timeout=300 "$@" >&2; }
packages() { dpkg-query -W -f '\${Package}\\n' | sort -u; }
note() { [ ! -e ${PACKAGES_BEFORE} ] || { packages | grep -vxFf ${PACKAGES_BEFORE} >${INSTALLED} || true; rm ${PACKAGES_BEFORE}; }; }
[ -z "$(dpkg --audit)" ] || dpkg --configure -a >&2
if ! command -v dockerd >/dev/null; then
  [ -e ${PACKAGES_BEFORE} ] || { packages >${PACKAGES_BEFORE}.new; mv ${PACKAGES_BEFORE}.new ${PACKAGES_BEFORE}; }
  apt update || echo "apt-get update failed; going on with what is known" >&2
  wanted=${ENGINE}
  version=${quoted(version ?? "")}
  if [ -n "$version" ]; then
    known=$(apt-cache madison ${ENGINE} | awk '{ print $3 }')
    exact=$(printf '%s\\n' "$known" | awk -v want="$version" 'index($0, want) == 1 { print; exit }')
    [ -n "$exact" ] || { echo "${ENGINE}: got version $version, need one of: $(echo $known)" >&2; exit 1; }
    wanted=${ENGINE}=$exact
  fi
  if apt-cache show docker-cli >/dev/null 2>&1; then wanted="$wanted docker-cli"; fi
  apt install -y --no-install-recommends --no-remove $wanted iptables curl ca-certificates
fi
note`;
}
