import type { SwarmFingerprint } from "../../backup/fingerprint.ts";
import { checkUntouched } from "../common-checks.ts";
import type { Evidence } from "../evidence.ts";
import type { TaskContainer } from "../stage.ts";
import { type Check, checkEqual, checkThat } from "../verdict.ts";
import type { Rotation } from "./certificates.ts";

/** Seconds that a rotation is watched after every living node has its new certificate. It looks every 3 s whether it is done. */
export const WATCHED = 10;

/** One look at a rotation that goes on. */
export interface Look extends Rotation {
  readonly seconds: number;
}

/** What a rotation may change of a swarm, and what it may not. */
export type Identity = Pick<SwarmFingerprint, "clusterId" | "caFingerprint" | "tokens" | "nodes">;

interface Facts {
  readonly ghost: string;
  readonly before: Identity;
  readonly rotated: Identity;
  readonly again: Identity;
  /** SHA-256 of the part of the worker's token that names the root CA. */
  readonly caParts: readonly string[];
  readonly hang: readonly Look[];
  readonly secondsAfterRemoval: number;
  readonly secondsWhole: number;
  /** By node: the fingerprint of the root CA on its disk, and whether its own certificate comes from it. */
  readonly roots: Readonly<Record<string, { readonly root: string; readonly verified: boolean }>>;
  readonly containersBefore: readonly TaskContainer[];
  readonly containersAfter: readonly TaskContainer[];
}

const different = (values: readonly string[]) =>
  values.every((value) => value !== "") && new Set(values).size === values.length;

/** A rotation hangs by a node that is Down and by nothing else, changes all that it should, and nothing besides. */
export function judgeCaRotation({ facts }: Evidence): Check[] {
  const seen = facts as unknown as Facts;
  const { before, rotated, again, hang, roots, ghost } = seen;
  const [first, last] = [hang[0], hang.at(-1)];
  const watched = (last?.seconds ?? 0) - (first?.seconds ?? 0);
  const short = (values: readonly string[]) => values.map((one) => one.slice(0, 12)).join(", ");
  const three = [before, rotated, again];
  const names = before.nodes.map(({ hostname }) => hostname);
  return [
    checkThat(
      "a rotation does not end while a node is Down",
      `in progress for ${WATCHED} s after all others are Ready, ${ghost} not Ready`,
      `${watched.toFixed(1)} s, ${ghost} ${last?.tls[ghost] ?? "in no list"}`,
      watched >= WATCHED &&
        hang.every(({ inProgress, tls }) => inProgress && (tls[ghost] ?? "Ready") !== "Ready"),
    ),
    checkThat(
      "it ends when that node is removed",
      "within 45 s",
      `${seen.secondsAfterRemoval.toFixed(1)} s`,
      seen.secondsAfterRemoval <= 45,
    ),
    checkThat(
      "with all nodes there it ends by itself",
      "within 60 s",
      `${seen.secondsWhole.toFixed(1)} s`,
      seen.secondsWhole <= 60,
    ),
    checkThat(
      "the root CA is another each time",
      "3 root CAs",
      short(three.map(({ caFingerprint }) => caFingerprint)),
      different(three.map(({ caFingerprint }) => caFingerprint)),
    ),
    checkThat(
      "both join tokens are others each time",
      "3 tokens of either role",
      short(three.flatMap(({ tokens }) => [tokens.worker, tokens.manager])),
      different(three.map(({ tokens }) => tokens.worker)) &&
        different(three.map(({ tokens }) => tokens.manager)),
    ),
    checkThat(
      "also in the part that names the root CA",
      "3 digests",
      short(seen.caParts),
      seen.caParts.length === 3 && different(seen.caParts),
    ),
    checkThat(
      "every node has a certificate of the new root CA",
      `${again.caFingerprint.slice(0, 12)} on ${names.length} nodes`,
      Object.entries(roots)
        .map(
          ([name, { root, verified }]) =>
            `${name} ${root.slice(0, 12)} ${verified ? "" : "not "}verified`,
        )
        .join(", "),
      names.length > 0 &&
        names.every((name) => roots[name]?.verified && roots[name]?.root === again.caFingerprint),
    ),
    checkEqual(
      "cluster and nodes are what they were",
      [before.clusterId, before.nodes],
      [again.clusterId, again.nodes],
    ),
    checkUntouched("no task was restarted", seen.containersBefore, seen.containersAfter, {
      exactly: true,
    }),
  ];
}
