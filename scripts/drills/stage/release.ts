import { execOn } from "../../../components/nodes/exec.ts";
import type { NodeHandle } from "../../../components/nodes/types.ts";
import { waitFor } from "../../lib/wait.ts";

/** What another release of an image has that it does not. */
export interface ReleaseWanted {
  readonly env: Readonly<Record<string, string>>;
  /** Seconds after which it ends, with code 3. */
  readonly dies?: number;
}

/**
 * Shell for a node: loads an image made of another one, with other environment. The same input has the same id on every
 * node, as nothing of it depends on the time. Prints the id.
 */
export function releaseScript(image: string, { env, dies }: ReleaseWanted): string {
  const set = Object.entries(env).map(([name, value]) => `"${name}=${value}"`);
  const known = Object.keys(env).map((name) => `s~"${name}=[^"]*",\\{0,1\\}~~g`);
  const entry = `"Entrypoint":["/bin/sh","-c","app \\& sleep ${dies}; exit 3"]`;
  const edits = [
    ...known,
    `s~"Env":\\[~&${set.join(",")},~g; s~,]~]~g`,
    ...(dies === undefined ? [] : [`s~"Entrypoint":\\[[^]]*]~${entry}~g`]),
  ];
  return `dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
docker image save ${image} | tar -C "$dir" -xf -
cd "$dir"
config=$(sed -n 's/.*"Config":"\\([^"]*\\)".*/\\1/p' manifest.json)
sed '${edits.join("; ")}' "$config" >new
id=$(sha256sum <new | cut -d ' ' -f 1)
mv new "$id.json"
sed -i "s~\\"Config\\":\\"[^\\"]*\\"~\\"Config\\":\\"$id.json\\"~" manifest.json
rm -f index.json oci-layout
tar -cf - . | docker image load --quiet >/dev/null
docker image inspect --format '{{.Id}}' "sha256:$id"`;
}

/** Removes images from a node. The containers of a service that is gone go a moment later, and hold its image until then. */
export async function removeImages(node: NodeHandle, images: string): Promise<void> {
  const script = `for id in ${images}; do
  ! docker image inspect "$id" >/dev/null 2>&1 || docker image rm "$id" >/dev/null
done`;
  await waitFor(
    `the drill's releases are gone from ${node.name}`,
    async () => {
      const { code, stderr } = await execOn(node, script);
      return code === 0 ? { done: true } : { waiting: stderr.trim() };
    },
    { deadline: 60, interval: 0.5 },
  );
}
