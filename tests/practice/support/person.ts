import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { exerciseNamed } from "../../../components/practice/catalogue/index.ts";
import type { Command, Exercise } from "../../../components/practice/exercise.ts";
import { filled, type Names } from "../../../components/practice/grade.ts";
import { ROOT, type TestLab } from "../../e2e/support/test-lab.ts";

const LEADER =
  "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}' | sed -n 's/ Leader$//p'";

/** One process on the node for each question; the docker client is slower by far. */
const ENGINE = "curl -sSf --max-time 8 --unix-socket /var/run/docker.sock http://engine";

/** Somebody who types on the nodes of a lab, and not through it. */
export class Person {
  private readonly lab: TestLab;
  private readonly on: TestLab["on"];

  /** `on`: how a script is typed on a node, where that is no container of this machine. */
  constructor(lab: TestLab, on: TestLab["on"] = (node, script) => lab.on(node, script)) {
    this.lab = lab;
    this.on = on;
  }

  private get session(): { exercise: string; names: Names } {
    const file = join(ROOT, ".lab", this.lab.stack, "practice.json");
    return JSON.parse(readFileSync(file, "utf8"));
  }

  /** The exercise that is under way, which a person who drew it is not told. */
  get exercise(): Exercise {
    return exerciseNamed(this.session.exercise);
  }

  get names(): Names {
    return this.session.names;
  }

  async type({ on, type }: Command): Promise<void> {
    const { names } = this;
    if (on === "here") {
      const { code, stderr } = await this.lab.run("sh", ["-ec", filled(type, names)]);
      expect(code, `${type}: ${stderr}`).toBe(0);
      return;
    }
    const node = on === "leader" ? await this.on("m1", LEADER) : names[on];
    await this.on(node, filled(type, names));
  }

  /** The solution of the exercise that is under way. */
  async typeSolution(): Promise<void> {
    for (const step of this.exercise.solution) await this.type(step);
  }

  /** What the swarm has and how it is set: all that an exercise may change there, but for the count of CA rotations. */
  async world(): Promise<string> {
    const told = await this.on(
      "m1",
      `for kind in services secrets configs networks nodes info; do ${ENGINE}/$kind; echo; done`,
    );
    const [services, secrets, configs, networks, nodes, info] = told
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    const ids = (list: readonly { ID?: string; Id?: string }[]) =>
      list.map(({ ID, Id }) => ID ?? Id).sort();
    const specs = (nodes as readonly { Description: { Hostname: string }; Spec: object }[])
      .map(({ Description, Spec }) => [Description.Hostname, Spec] as const)
      .sort(([a], [b]) => a.localeCompare(b));
    const { CAConfig, ...swarm } = info.Swarm.Cluster.Spec;
    const { ForceRotate: _, ...authority } = CAConfig;
    return JSON.stringify(
      {
        ...{ services: ids(services), secrets: ids(secrets), configs: ids(configs) },
        ...{ networks: ids(networks), nodes: specs, swarm, authority },
      },
      undefined,
      1,
    );
  }
}
