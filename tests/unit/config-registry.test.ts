import { describe, expect, it, test } from "vitest";
import { planSeats } from "../../components/nodes/plan.ts";
import { type BadCase, type Given, load, refusal, wholeMessage } from "./config-support.ts";

const s3 = (registry: Given = {}, others: Given = {}, aws: Given = {}): Given => ({
  ...{ provider: "aws", aws: { region: "eu-central-1", ...aws } },
  registry: { storage: "s3", ...registry },
  ...others,
});

const CASES: readonly BadCase[] = [
  [
    "S3 with another provider",
    { registry: { storage: "s3" } },
    'swarm-lab:registry.storage: got "s3", need volume with provider local: only instances on AWS have credentials for a bucket; remove the setting, or set provider to aws',
  ],
  [
    "more than one task beside one volume",
    { registry: { replicas: 2 } },
    "swarm-lab:registry.replicas: got 2, need 1 with storage volume: the images are on one node; set it to 1, or with provider aws set storage to s3",
  ],
  [
    "a bucket for a volume",
    { registry: { bucket: "images" } },
    'swarm-lab:registry.bucket: got "images", need nothing with storage volume; remove the setting, or with provider aws set storage to s3',
  ],
  [
    "more tasks than nodes for them",
    s3({ replicas: 3 }),
    "swarm-lab:registry.replicas: got 3, need at most 2, as many as there are workers: each is on a node of its own",
  ],
  [
    "the bucket of the backups, which would go with the lab",
    s3({ bucket: "backups" }, {}, { bucket: { name: "backups" } }),
    'swarm-lab:registry.bucket: got "backups", need a bucket apart from that of the backups: it goes with the lab, and all in it; choose another name',
  ],
  [
    "the bucket that backups go to by its URL",
    s3({ bucket: "backups" }, { backup: { directory: "s3://backups/labs" } }),
    'swarm-lab:registry.bucket: got "backups", need a bucket apart from that of the backups: it goes with the lab, and all in it; choose another name',
  ],
];

describe("a registry is refused", () => {
  it.each(CASES)("with %s", (_, given, line) => {
    expect(refusal(given)).toBe(wholeMessage(line));
  });
});

describe("a registry on S3", () => {
  test("has one task unless more are asked for, and a name that is derived unless one is given", () => {
    expect(load(s3()).config.registry).toMatchObject({ storage: "s3", replicas: 1 });
    expect(load(s3()).config.registry).not.toHaveProperty("bucket");
    const given = { bucket: "images", replicas: 2 };
    expect(load(s3(given)).config.registry).toMatchObject(given);
  });

  test("is on as many nodes as it has tasks, in zones of their own", () => {
    const holders = (given: Given) =>
      planSeats(load(given).config)
        .filter(({ labels }) => "swarm-lab.registry" in labels)
        .map(({ name, zone }) => `${name} in ${zone}`);
    expect(holders(s3({ replicas: 2 }))).toEqual(["w1 in a", "w2 in b"]);
    expect(holders({})).toEqual(["w1 in a"]);
    expect(holders(s3({ replicas: 3 }, { managerAvailability: "active", workers: 0 }))).toEqual([
      ...["m1 in a", "m2 in b", "m3 in c"],
    ]);
  });
});
