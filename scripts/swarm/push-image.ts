/**
 * Puts an image into the lab's registry from one of its nodes and prints the reference by digest that services use.
 * Starts by waiting for the registry, so that it can run beside the registry service's own start.
 */

import { execOn, runOn } from "../../components/nodes/exec.ts";
import { sendImages } from "../../components/nodes/transfer.ts";
import type { PushInput } from "../../components/swarm/step-inputs.ts";
import { input, runStep } from "../lib/driver.ts";
import { waitFor } from "../lib/wait.ts";

/** The password comes on standard input; the login is kept nowhere after the push. */
const PUSH = `
config=$(mktemp -d); trap 'rm -rf "$config"' EXIT; export DOCKER_CONFIG=$config
docker login --username "$USERNAME" --password-stdin "$REGISTRY" >/dev/null 2>&1 || { echo "login refused" >&2; exit 1; }
docker image tag "$IMAGE" "$TARGET"
docker image push --quiet "$TARGET" >/dev/null
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$TARGET"`;

await runStep(async () => {
  const { node, engine, image, target, registry, username } = input<PushInput>("LAB_PUSH");
  const password = process.env.LAB_REGISTRY_PASSWORD ?? "";
  const there = await execOn(node, `docker image inspect '${image}' >/dev/null`);
  if (there.code !== 0) await sendImages(engine, [image], node);
  const env = { USERNAME: username, REGISTRY: registry, IMAGE: image, TARGET: target };
  const cert = `/etc/docker/certs.d/${registry}/ca.crt`;
  // Looks on the node itself for some seconds: a process started there from here costs more than the question.
  const ask = `for i in $(seq 15); do
    code=$(curl -sS --max-time 3 -o /dev/null -w '%{http_code}' --cacert ${cert} https://${registry}/v2/ 2>&1) || true
    [ "$code" != 401 ] || break
    sleep 0.2
  done; printf %s "$code"`;
  await waitFor(
    `the registry ${registry} answers ${node.name}`,
    async () => {
      const answer = await execOn(node, ask);
      // 401 is the right answer to a stranger: it is up and it asks for a password.
      return answer.stdout === "401"
        ? { done: true }
        : { waiting: answer.stderr.trim() || `it answers ${answer.stdout}` };
    },
    { deadline: 90, interval: 0.15 },
  );
  const digests = await runOn(node, `pushing ${target}`, PUSH, {
    env,
    stdin: password,
    timeout: 180_000,
  });
  const repository = target.slice(0, target.lastIndexOf(":"));
  const reference = digests.split("\n").find((line) => line.startsWith(`${repository}@`));
  if (reference === undefined)
    throw new Error(`${node.name}: no digest of ${target} after the push`);
  return { reference };
});
