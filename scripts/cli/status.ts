import { describeProblem, UserError } from "../../components/errors.ts";
import { forecast } from "../../components/swarm/forecast.ts";
import { lookAtEngine } from "../setup/engine-host.ts";
import { findPulumi } from "../setup/pulumi-place.ts";
import { type Assessment, assess } from "./assess.ts";
import { nodesOf, readRecord } from "./describe.ts";
import { labContainers } from "./docker.ts";
import { drawStatus } from "./draw.ts";
import { enter } from "./environment.ts";
import { awakeManagers, machineStates } from "./machines.ts";
import { labName } from "./paths.ts";
import { askManagers } from "./probe.ts";
import { type Findings, modelStatus, type Status } from "./status-model.ts";

export interface Seen {
  readonly findings: Findings;
  readonly status: Status;
  readonly assessment: Assessment;
}

/** Looks at a lab as it is now: by its own description, by the engine's containers, and by asking its managers. */
export async function look(stack: string, engine: string): Promise<Seen> {
  const lab = labName(stack);
  const [{ description, resources }, containers] = await Promise.all([
    readRecord(stack),
    labContainers(engine, lab),
  ]);
  const nodes = description?.nodes ?? nodesOf(containers, engine);
  const machines = await machineStates(nodes, containers);
  const view = await askManagers(awakeManagers(nodes, machines));
  const findings = { lab, description, resources, containers, nodes, machines, view };
  const status = modelStatus(findings);
  return { findings, status, assessment: assess(findings, status) };
}

/** Finds the engine to look at, without bringing anything. A silent one is a UserError: nothing can be seen then. */
export async function enterForLooking(stack: string): Promise<string> {
  const [engine, pulumi] = await Promise.all([lookAtEngine(), findPulumi()]);
  if (engine.state !== "answers") {
    const got = engine.state === "silent" ? engine.reason : "no docker client";
    const fix = "`npm run up` brings or starts one where it can";
    const need = `one that answers at ${engine.host}`;
    throw new UserError(describeProblem({ where: "Docker engine", got, need, fix }));
  }
  enter({ stack, engine: engine.host, pulumi: pulumi?.bin });
  return engine.host;
}

export interface StatusOptions {
  readonly stack: string;
  readonly json: boolean;
  /** Nodes and zones whose loss is to be thought through: "m2,zone:a". */
  readonly whatIf?: string | undefined;
}

/** A node that answers nobody is lost already, and counts so. */
const isLost = ({ state, managerStatus }: Status["nodes"][number]) =>
  /^(Stopped|Paused|Missing|Down)$/.test(state) || managerStatus === "Unreachable";

function tell(status: Status, words: string, json: boolean): void {
  const lostAlready = status.nodes.filter(isLost).map(({ name }) => name);
  const seen = forecast(
    status.nodes.map(({ name, role, zone }) => ({
      name,
      role: role as "manager" | "worker",
      zone,
    })),
    lostAlready,
    words,
  );
  if (json) {
    console.log(JSON.stringify(seen, undefined, 2));
    return;
  }
  const already = lostAlready.length > 0 ? ` (${lostAlready.join(", ")} already)` : "";
  console.log(
    [
      `if ${seen.lost.join(", ")} are lost${already}:`,
      `  API       ${seen.api}`,
      `  services  ${seen.services}`,
      `  do        ${seen.advice}`,
    ].join("\n"),
  );
}

/** Prints the status of a lab, or what a loss would do to it: for people, or with `json` as data. */
export async function status({ stack, json, whatIf }: StatusOptions): Promise<void> {
  const engine = await enterForLooking(stack);
  const seen = await look(stack, engine);
  if (whatIf !== undefined) return tell(seen.status, whatIf, json);
  if (json) console.log(JSON.stringify(seen.status, undefined, 2));
  else console.log(drawStatus(seen.status, seen.assessment, seen.findings.description));
}
