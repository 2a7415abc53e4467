import { type LoadRequest, parseLoadLine } from "../../components/drills/load.ts";
import { runOn } from "../../components/nodes/exec.ts";
import type { NodeHandle } from "../../components/nodes/types.ts";

/**
 * A POSIX shell script for a container of the application, with the services to ask as arguments. For each request it looks
 * the tasks up by DNS anew, as a client does, and asks the next of their addresses; nothing is tried twice, and an answer
 * may take ten seconds, as slow is not failed on a machine that is busy. Prints
 * `SERVICE FROM TO ok JSON` or `SERVICE FROM TO failed WHY`; times are seconds since the node was started, to 10 ms (its
 * `date` knows whole seconds only).
 */
export const LOAD = `trap 'exit 0' TERM INT
set -f
ask() {
  service=$1 turn=0
  while :; do
    read -r from rest </proc/uptime
    found=$(nslookup -type=a "tasks.$service" 127.0.0.11 2>&1) || :
    count=0 addresses=
    case $found in
      *Name:*)
        for word in \${found#*Name:}; do
          case $word in [0-9]*.*.*.*) addresses="$addresses $word" count=$((count + 1)) ;; esac
        done ;;
    esac
    turn=$((turn + 1)) result=failed said="DNS gives no address: $(echo $found)"
    if [ "$count" -gt 0 ]; then
      set -- $addresses
      shift $((turn % count))
      if said=$(wget -q -T 10 -O - "http://$1:$PORT/" 2>&1); then result=ok; else said="$1: $(echo $said)"; fi
    fi
    read -r to rest </proc/uptime
    printf '%s %s %s %s %s\\n' "$service" "$from" "$to" "$result" "$said"
    sleep 0.05
  done
}
for service in "$@"; do ask "$service" & done
wait`;

/** All that the client on a node has asked until now; nothing while it does not run. */
export async function readLoad(node: NodeHandle, name: string): Promise<LoadRequest[]> {
  const script = `echo "$(date +%s%3N) $(cut -d ' ' -f 1 /proc/uptime)"
docker ps --quiet --filter label=com.docker.swarm.service.name=${name} | xargs -r docker logs`;
  const [clock = "", ...lines] = (await runOn(node, `reading ${name}`, script)).split("\n");
  const [now = 0, uptime = 0] = clock.split(" ").map(Number);
  const booted = now - uptime * 1000;
  return lines.flatMap((line) => parseLoadLine(line, booted) ?? []);
}
