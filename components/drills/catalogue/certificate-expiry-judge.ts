import type { Evidence } from "../evidence.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import { HOUR, WATCHED } from "./certificate-expiry-ages.ts";
import type { NodeCertificate } from "./certificates.ts";
import { ending, type Said } from "./said.ts";

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

const hours = ({ from, to }: NodeCertificate) => Math.round((to - from) / (HOUR / 100)) / 100;
const told = (all: readonly NodeCertificate[]) =>
  all.map((one) => `${one.node} ${hours(one)} h${one.verified ? "" : ", not verified"}`).join(", ");
/** Whether all live for so long, and an hour backwards, for clocks that are late. */
const live = (all: readonly NodeCertificate[], wanted: number) =>
  all.length > 0 && all.every((one) => one.verified && Math.abs(hours(one) - wanted - 1) < 0.05);

/** Certificates live as long as the swarm says, are renewed when old, refused when expired, and in the end as before. */
export function judgeCertificateExpiry({ facts, marks }: Evidence): Check[] {
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
