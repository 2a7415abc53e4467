import { type Drill, need } from "../drill.ts";
import type { Stage } from "../stage.ts";
import { expire, renewal } from "./certificate-expiry-ages.ts";
import { judgeCertificateExpiry } from "./certificate-expiry-judge.ts";
import { certificateOf, rotateLast, rotateToOwn } from "./certificates.ts";
import { askToJoin, awaitEntry, joinToken, stranger } from "./stranger.ts";

const certificates = (stage: Stage) =>
  Promise.all(stage.nodes.map((node) => certificateOf(stage, node)));

/** The lifetime as it was, and a root CA whose key nobody has seen. */
async function asBefore(stage: Stage, expiry: number): Promise<void> {
  const leader = await stage.leader();
  await stage.on(leader, `docker swarm update --cert-expiry ${expiry}ns >/dev/null`);
  await rotateLast(stage);
}

async function run(stage: Stage): Promise<void> {
  stage.phase("plant", "certificates of an hour, from a root CA that the drill can issue from");
  const { settings } = await stage.fingerprint();
  stage.fact("before", await certificates(stage));
  let restored = false;
  stage.defer("certificates are issued as before", async () => {
    if (!restored) await asBefore(stage, settings.certExpiry);
  });
  const leader = await stage.leader();
  await stage.on(leader, "docker swarm update --cert-expiry 1h >/dev/null");
  const authority = await rotateToOwn(stage, leader);
  stage.fact("short", await certificates(stage));
  const own = (await stage.fingerprint()).caFingerprint;
  const machine = await stranger(stage, "parked");
  await askToJoin(stage, machine, await joinToken(stage, "worker"));
  const id = await awaitEntry(stage, machine, "Ready");
  stage.phase("plant", "one worker with a young certificate, then with an old one");
  await renewal(stage, authority, machine, id);
  stage.phase("break", "the worker was off until its certificate had expired");
  stage.mark("fault");
  await expire(stage, authority, machine);
  stage.phase("recover", "it leaves and joins again");
  await stage.on(machine, "docker swarm leave --force >/dev/null", { seconds: 40 });
  await stage.on(await stage.leader(), `docker node rm --force ${id} >/dev/null`);
  await askToJoin(stage, machine, await joinToken(stage, "worker"));
  const again = await awaitEntry(stage, machine, "Ready");
  stage.fact("ids", { before: id, after: again });
  stage.mark("healed");
  stage.phase("restore-lab", "certificates live as long as before, from a new root CA");
  await stage.try(machine, "docker swarm leave --force >/dev/null", { seconds: 40 });
  await stage.on(await stage.leader(), `docker node rm --force ${again} >/dev/null`);
  await asBefore(stage, settings.certExpiry);
  restored = true;
  const { settings: now, caFingerprint } = await stage.fingerprint();
  stage.fact("expiry", { before: settings.certExpiry, after: now.certExpiry });
  stage.fact("roots", { own, end: caFingerprint });
  stage.fact("end", await certificates(stage));
}

/** D5: certificates that are short-lived, renewed, and expired. */
export const certificateExpiry: Drill = {
  name: "certificate-expiry",
  question: "A node was off for a quarter of a year. Does it come back?",
  minutes: 1,
  minimumWrites: 0,
  claims: [
    {
      says: "Node certificates rotate every 90 days.",
      shows:
        "They are valid for 90 days, and one whose life is mostly over is renewed at once; a node that misses that is out and has to leave and join.",
      holds: "partly",
    },
  ],
  limits: [
    "No clock is moved: a machine gets the certificate that it would have, issued by a root CA of the drill's own with earlier dates. That a running node renews at a moment between 50 and 80 % of the lifetime is seen at 10 and at 90 % only.",
    "A manager with an expired certificate, which `--force-new-cluster` takes, is not tried.",
  ],
  needs: (ground) =>
    need.all(need.spareMachine(ground), need.managers(ground, 1), need.expendable(ground)),
  run,
  judge: judgeCertificateExpiry,
};
