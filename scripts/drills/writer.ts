import { begun, classify, type Operation } from "../../components/drills/history.ts";

/** Label of every config that a drill writes; its value is the run. */
export const WRITE_LABEL = "swarm-lab.drill";

/** As long as the name of a config may be. */
const LONGEST_NAME = 64;
/** Room for `-INCARNATION-SEQUENCE`. */
const NUMBERS = 12;

/** Seconds between an answer and the next write, unless somebody wants it slower. */
const PAUSE = 0.2;

/** The file on a node that ends the writers of a run there, whoever started them. */
export const stopFile = (runId: string): string => `/tmp/swarm-lab-writer-${runId}.stop`;

/** Environment that `WRITER` needs. Throws when such names would be no names of configs. */
export function writerEnv(
  runId: string,
  node: string,
  incarnation: number,
  pause = PAUSE,
): Record<string, string> {
  const prefix = `drill-${runId}-${node}`;
  const longest = LONGEST_NAME - NUMBERS;
  const plain = [runId, node].every((each) => /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(each));
  if (!plain || prefix.length > longest)
    throw new Error(
      `run id: got ${JSON.stringify(runId)}, need letters, digits and dashes, ${longest} at most with \
"drill-" and "-${node}": the writes of a drill are named after it`,
    );
  return {
    DRILL_RUN: runId,
    DRILL_PREFIX: `${prefix}-${incarnation}`,
    DRILL_STOP: stopFile(runId),
    DRILL_PAUSE: String(pause),
  };
}

/**
 * A POSIX shell loop for a manager: one write every DRILL_PAUSE seconds, the next one only when the last was answered. Prints
 * `S NAME MS` before each and `E NAME MS CURL_EXIT HTTP_CODE BODY` after it. It finishes the write in hand and ends when its
 * input does, as it does when the client at the other end is gone (an exec has no parent to look for), when its parent is
 * gone, or when the stop file is there; and at once when nobody reads its output. The output of curl's own errors would come
 * in any order, so its exit code has to tell.
 */
export const WRITER = `over=
parent=$PPID
trap 'over=1' USR1 TERM INT HUP
exec 3<&0 </dev/null
{ while read -r line <&3; do :; done; kill -USR1 $$ 2>/dev/null || :; } >/dev/null 2>&1 &
lifeline=$!
exec 3<&-
trap 'kill $lifeline 2>/dev/null || :' EXIT
newline='
'
seq=0
while [ -z "$over" ] && [ ! -e "$DRILL_STOP" ]; do
  if [ "$parent" -gt 1 ] && [ ! -d "/proc/$parent" ]; then break; fi
  seq=$((seq + 1))
  name=$DRILL_PREFIX-$seq
  data=$(printf %s "$name" | base64 -w 0)
  body="{\\"Name\\":\\"$name\\",\\"Data\\":\\"$data\\",\\"Labels\\":{\\"${WRITE_LABEL}\\":\\"$DRILL_RUN\\"}}"
  printf 'S %s %s\\n' "$name" "$(date +%s%3N)"
  code=0
  said=$(curl -s --max-time 30 --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' \\
    -d "$body" -w '\\n%{http_code}' http://engine/configs/create 2>/dev/null) || code=$?
  at=$(date +%s%3N)
  http=\${said##*"$newline"}
  text=
  [ "$http" = 201 ] || text=$(printf %s "\${said%"$newline"*}" | tr '\\r\\n' '  ' | cut -c 1-300)
  printf 'E %s %s %s %s %s\\n' "$name" "$at" "$code" "\${http:-000}" "$text"
  sleep "$DRILL_PAUSE"
done`;

/** Reads one line of a writer: the write as it began or ended. Undefined for anything else, as a line that was cut off. */
export function parseWriterLine(
  writer: string,
  line: string,
  inFlight: Operation | undefined,
): Operation | undefined {
  const [, name, start] = /^S (\S+) (\d{13})$/.exec(line) ?? [];
  if (name !== undefined) return begun(writer, name, Number(start));
  const [, ended, at, exit, http, body = ""] =
    /^E (\S+) (\d+) (\d+) (\d{3}) ?(.*)$/.exec(line) ?? [];
  if (ended === undefined || inFlight?.name !== ended) return undefined;
  const end = Number(at);
  const [code, status] = [Number(exit), Number(http)];
  const result = classify(status, body, code, end - inFlight.start);
  const parts = [
    ...(code === 0 ? [] : [`curl exit ${code}`]),
    ...(status === 0 ? [] : [`HTTP ${status}`]),
    messageOf(body),
  ];
  const detail = result === "ok" ? "" : parts.filter((part) => part !== "").join(": ");
  return { ...inFlight, end, result, detail };
}

/** What the engine says in its JSON, or all of it. */
function messageOf(body: string): string {
  return /"message":"(.*?)"\s*}/.exec(body)?.[1]?.replaceAll('\\"', '"') ?? body.trim();
}
