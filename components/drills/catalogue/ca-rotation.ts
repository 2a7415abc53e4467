import { sha256 } from "../../backup/fingerprint.ts";
import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { type Identity, judgeCaRotation, type Look, WATCHED } from "./ca-rotation-judge.ts";
import { rotated, rotateLast, rotation } from "./certificates.ts";
import { askToJoin, awaitEntry, joinToken, stranger } from "./stranger.ts";

const CERTIFICATES = "/var/lib/docker/swarm/certificates";
const identity = async (stage: Stage): Promise<Identity> => {
  const { clusterId, caFingerprint, tokens, nodes } = await stage.fingerprint();
  const known = nodes.filter(({ hostname }) => stage.nodes.some(({ name }) => name === hostname));
  return { clusterId, caFingerprint, tokens, nodes: known };
};
const caPart = async (stage: Stage) =>
  sha256((await joinToken(stage, "worker")).split("-")[2] ?? "");

/** Watches a rotation that a Down node holds up, for a while after all others are done. */
async function watchHang(stage: Stage, ghost: string): Promise<Look[]> {
  const looks: Look[] = [];
  const from = Date.now();
  let ready: number | undefined;
  await stage.until<true>("the rotation is seen to hang", 60, async () => {
    const now = { seconds: Math.round((Date.now() - from) / 100) / 10, ...(await rotation(stage)) };
    looks.push(now);
    const living = Object.entries(now.tls).filter(([name]) => name !== ghost);
    if (!living.every(([, status]) => status === "Ready"))
      return { waiting: "not every living node has its new certificate" };
    ready ??= now.seconds;
    return !now.inProgress || now.seconds - ready >= WATCHED
      ? { done: true }
      : { waiting: "it is watched" };
  });
  return looks.filter(({ seconds }) => ready !== undefined && seconds >= ready);
}

/** Whether each node has the new root CA on its disk and a certificate that comes from it. */
async function rootOf(stage: Stage, node: NodeHandle) {
  const said = await stage.on(
    node,
    `cd ${CERTIFICATES}; openssl x509 -in swarm-root-ca.crt -noout -fingerprint -sha256
openssl verify -CAfile swarm-root-ca.crt swarm-node.crt >/dev/null 2>&1 && echo verified || echo not verified`,
  );
  const [print = "", verified] = said.split("\n");
  const root = print.replace(/^.*=/, "").replaceAll(":", "").toLowerCase();
  return [node.name, { root, verified: verified === "verified" }] as const;
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "a worker that will not come back, and writers on every manager");
  const ghost = await stranger(stage, "ghost");
  stage.fact("ghost", ghost.name);
  await askToJoin(stage, ghost, await joinToken(stage, "worker"));
  const id = await awaitEntry(stage, ghost, "Ready");
  await stage.kill(ghost);
  await stage.startTraffic();
  stage.fact("containersBefore", await stage.containers());
  const parts = [await caPart(stage)];
  stage.fact("before", await identity(stage));
  await awaitEntry(stage, ghost, "Down");
  stage.phase("break", "the root CA is rotated while one node is Down");
  stage.mark("fault");
  await stage.on(await stage.leader(), "docker swarm ca --rotate --detach >/dev/null");
  stage.phase("prove", "it does not end");
  stage.fact("hang", await watchHang(stage, ghost.name));
  stage.phase("recover", "the node that is gone is removed");
  const removed = Date.now();
  await stage.on(await stage.leader(), `docker node rm --force ${id} >/dev/null`);
  await rotated(stage, 60);
  stage.fact("secondsAfterRemoval", (Date.now() - removed) / 1000);
  stage.mark("healed");
  stage.phase("verify", "every node has a certificate of the new root CA, and it works once more");
  stage.fact("rotated", await identity(stage));
  parts.push(await caPart(stage));
  const started = Date.now();
  await rotateLast(stage);
  stage.fact("secondsWhole", (Date.now() - started) / 1000);
  stage.fact("again", await identity(stage));
  stage.fact("caParts", [...parts, await caPart(stage)]);
  stage.fact(
    "roots",
    Object.fromEntries(await Promise.all(stage.nodes.map((node) => rootOf(stage, node)))),
  );
  await stage.moreWrites(30, 60);
  stage.fact("containersAfter", await stage.containers());
}

/** D4: the root CA, and the node that holds its rotation up. */
export const caRotation: Drill = {
  name: "ca-rotation",
  question: "I rotate the root CA of my swarm. Does it end, and does anybody notice?",
  minutes: 1,
  minimumWrites: 20,
  claims: [
    {
      says: "A compromised root key can be changed on the fly.",
      shows: "All nodes have new certificates within seconds and no task is restarted.",
      holds: "yes",
    },
    {
      says: "CA rotation always finishes.",
      shows: "One node that is Down holds it up for ever; removing its entry ends it at once.",
      holds: "no",
    },
    {
      says: "The control plane is mutual TLS from a root CA that is made at init.",
      shows:
        "Every node's certificate is checked against the new root CA, as are both join tokens.",
      holds: "yes",
    },
  ],
  needs: (ground) =>
    need.all(
      need.spareMachine(ground),
      need.managers(ground, 1),
      need.app(ground),
      need.expendable(ground),
    ),
  run,
  judge: judgeCaRotation,
};
