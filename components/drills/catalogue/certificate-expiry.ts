import type { NodeHandle } from "../../nodes/types.ts";
import { type Drill, need } from "../drill.ts";
import type { Evidence } from "../evidence.ts";
import type { Stage } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import {
  agedCertificate,
  certificateOf,
  type DrillAuthority,
  type NodeCertificate,
  rotateLast,
  rotateToOwn,
} from "./certificates.ts";
import { ending, type Said, said } from "./said.ts";
import { askToJoin, awaitEntry, entryIndex, joinToken, stranger } from "./stranger.ts";

/** Seconds that a young certificate is watched: an old one is renewed in less. */
const WATCHED = 8;
const HOUR = 3_600_000;

interface Facts {
  /** Lifetime that the swarm gives its certificates: nanoseconds, as found, and at the end. */
  readonly expiry: { readonly before: number; readonly after: number };
  readonly before: readonly NodeCertificate[];
  readonly short: readonly NodeCertificate[];
  /** As it was put there, and after the engine was started with it. */
  readonly young: { readonly put: NodeCertificate; readonly later: NodeCertificate };
  readonly old: { readonly put: NodeCertificate; readonly later: NodeCertificate };
  readonly expired: { readonly put: NodeCertificate; readonly info: Said; readonly entry: string };
  readonly ids: { readonly before: string; readonly after: string };
  readonly end: readonly NodeCertificate[];
  /** Fingerprints of the root CAs: the drill's own, and that at the end. */
  readonly roots: { readonly own: string; readonly end: string };
}

const INFO = "docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.Error}}'";
const certificates = (stage: Stage) =>
  Promise.all(stage.nodes.map((node) => certificateOf(stage, node)));

/** Starts a machine with a certificate of another age and waits until it is Ready. */
async function startAged(
  stage: Stage,
  authority: DrillAuthority,
  machine: NodeHandle,
  id: string,
  hours: readonly [number, number],
): Promise<NodeCertificate> {
  const index = await entryIndex(stage, id);
  await stage.stop(machine);
  await agedCertificate(stage, authority, machine, ...hours);
  await stage.start(machine);
  const put = await certificateOf(stage, machine);
  await stage.until<true>(`${machine.name} registers again`, 60, async () => {
    const now = await entryIndex(stage, id);
    return now > index ? { done: true } : { waiting: `its entry was last written at ${now}` };
  });
  await awaitEntry(stage, machine, "Ready");
  return put;
}

/** A tenth of its life is over: nothing happens. Nine tenths: it is renewed at once. */
async function renewal(stage: Stage, authority: DrillAuthority, machine: NodeHandle, id: string) {
  const young = await startAged(stage, authority, machine, id, [-1, 9]);
  const from = Date.now();
  const later = await stage.until<NodeCertificate>(
    "a young certificate is watched",
    60,
    async () => {
      const now = await certificateOf(stage, machine);
      return now.serial !== young.serial || Date.now() - from >= WATCHED * 1000
        ? { done: now }
        : { waiting: "it is the same" };
    },
  );
  stage.fact("young", { put: young, later });
  const old = await startAged(stage, authority, machine, id, [-9, 1]);
  const renewed = await stage.until<NodeCertificate>("an old one is renewed", 60, async () => {
    const now = await certificateOf(stage, machine);
    const yet = now.to - now.from > 5 * HOUR;
    return yet ? { waiting: "it is the same" } : { done: now };
  });
  stage.fact("old", { put: old, later: renewed });
}

async function expire(stage: Stage, authority: DrillAuthority, machine: NodeHandle) {
  await stage.stop(machine);
  await agedCertificate(stage, authority, machine, -240, -24);
  await stage.start(machine);
  const info = await stage.until<Said>(`${machine.name} says what it lacks`, 60, async () => {
    const now = said(await stage.try(machine, INFO));
    return now.code === 0 && /expired/.test(now.text) ? { done: now } : { waiting: now.text };
  });
  const entry = await awaitEntry(stage, machine, "Down");
  stage.fact("expired", { put: await certificateOf(stage, machine), info, entry });
}

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

const hours = ({ from, to }: NodeCertificate) => Math.round((to - from) / (HOUR / 100)) / 100;
const told = (all: readonly NodeCertificate[]) =>
  all.map((one) => `${one.node} ${hours(one)} h${one.verified ? "" : ", not verified"}`).join(", ");
/** Whether all live for so long, and an hour backwards, for clocks that are late. */
const live = (all: readonly NodeCertificate[], wanted: number) =>
  all.length > 0 && all.every((one) => one.verified && Math.abs(hours(one) - wanted - 1) < 0.05);

function judge({ facts, marks }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { before, short, young, old, expired, ids, end, expiry, roots } = seen;
  const wanted = expiry.before / 1e6 / HOUR;
  return [
    checkThat(
      "certificates live as long as the swarm says, and an hour backwards",
      `${wanted + 1} h on every node`,
      told(before),
      live(before, wanted),
    ),
    checkThat(
      "a rotation of the root CA issues all of them anew",
      `2 h on ${before.length} nodes, no serial as before`,
      told(short),
      short.length === before.length &&
        live(short, 1) &&
        short.every(({ serial }) => !before.some((one) => one.serial === serial)),
    ),
    checkThat(
      "a certificate with a tenth of its life over is left alone",
      `10 h, the same after ${WATCHED} s`,
      `${hours(young.put)} h, ${young.later.serial === young.put.serial ? "the same" : "another"}`,
      Math.abs(hours(young.put) - 10) < 0.05 && young.later.serial === young.put.serial,
    ),
    checkThat(
      "one with nine tenths over is renewed at once",
      "10 h, then another of 2 h",
      `${hours(old.put)} h, then ${old.later.serial === old.put.serial ? "the same" : "another"} of ${hours(old.later)} h`,
      Math.abs(hours(old.put) - 10) < 0.05 &&
        old.later.serial !== old.put.serial &&
        live([old.later], 1),
    ),
    checkThat(
      "a node whose certificate has expired is out, and says so",
      "certificates have expired; Down",
      `${ending(expired.info)}; ${expired.entry === "" ? "not Down" : "Down"}`,
      expired.put.to < (marks.fault ?? 0) &&
        /expired/.test(expired.info.text) &&
        !/^active/.test(expired.info.text) &&
        expired.entry === ids.before,
    ),
    checkThat(
      "it comes back by leaving and joining, as another node",
      `Ready, not ${ids.before}`,
      ids.after,
      ids.after !== "" && ids.after !== ids.before,
    ),
    checkEqual("certificates live as long as before", expiry.before, expiry.after),
    checkThat(
      "and come from a root CA whose key is the swarm's alone",
      `not ${roots.own.slice(0, 12)}, ${wanted + 1} h on every node`,
      `${roots.end.slice(0, 12)}, ${told(end)}`,
      roots.own !== roots.end && end.length === before.length && live(end, wanted),
    ),
  ];
}

/** D5: certificates that are short-lived, renewed, and expired. */
export const certificateExpiry: Drill = {
  name: "certificate-expiry",
  question: "A node was off for a quarter of a year. Does it come back?",
  minutes: 1.5,
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
  needs: (ground) => need.all(need.managers(ground, 1), need.expendable(ground)),
  run,
  judge,
};
