import { describe } from "vitest";
import { rollingUpdate } from "../../components/drills/catalogue/rolling-update.ts";
import { judgeTests } from "./drill-judge-support.ts";
import { fewAsk, noneFails, oneFails } from "./drill-load-changes.ts";

const NONE = "no request failed where new tasks start first";
const IMAGES = "every task runs the new image, by the nodes' own word";
const LEAST = "never fewer run than are wanted: the new one comes before the old one goes";
const ORDER = "one at a time: the next is started once the one before is healthy";
const SIDE = "both releases answered side by side, and the old one never afterwards";

/** The containers of the new release, in the order of their starts. */
const fresh = (facts: { containers: { image: string; startedAt: number }[]; release: string }) =>
  facts.containers
    .filter(({ image }) => image === facts.release)
    .sort((a, b) => a.startedAt - b.startedAt);

describe("the judge of rolling-update", () => {
  judgeTests(rollingUpdate, [
    [
      "an update stopped half done",
      (facts) => {
        facts.updated.update = "paused";
      },
      "both updates are completed",
    ],
    [
      "nobody updated",
      (facts) => {
        facts.images = facts.images.map(() => "sha256:old");
      },
      IMAGES,
    ],
    [
      "one task kept the old image",
      (facts) => {
        facts.images[1] = "sha256:old";
      },
      IMAGES,
    ],
    [
      "a task is missing",
      (facts) => {
        facts.images.pop();
      },
      IMAGES,
    ],
    [
      "an old task went before a new one came",
      (facts, { fault }) => {
        const old = facts.containers.find(
          ({ image }: { image: string }) => image !== facts.release,
        );
        old.finishedAt = (fault?.from ?? 0) + 10;
      },
      LEAST,
    ],
    [
      "all new tasks were started at once",
      (facts) => {
        const [first, second] = fresh(facts as Parameters<typeof fresh>[0]);
        if (first && second) second.startedAt = first.startedAt + 100;
      },
      ORDER,
    ],
    [
      "the old release never answered",
      (facts, { fault }) => {
        for (const one of facts.load)
          if (one.at >= (fault?.from ?? 0) && one.version) one.version = "2";
      },
      SIDE,
    ],
    [
      "the old release answered afterwards",
      (facts, { fault }) => {
        const last = facts.load.findLast(({ service }: { service: string }) =>
          service.endsWith("-web"),
        );
        Object.assign(last, { at: (fault?.to ?? 0) + 1, version: "1" });
      },
      SIDE,
    ],
    ["a request failed", oneFails("-web"), NONE],
    ["there were too few requests", fewAsk("-web"), NONE],
    [
      "the client would not have noticed",
      noneFails("-gap"),
      "in the default order, with one task, requests failed: the client would have noticed",
    ],
  ]);
});
