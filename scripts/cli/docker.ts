import { LABEL_LAB, LABEL_NODE, LABEL_ROLE, LABEL_ZONE } from "../../components/labels.ts";
import { type Captured, type CaptureOptions, capture, said } from "./run.ts";

/** Runs the docker client against one engine and returns what it said, whatever its exit code. */
export function docker(
  engine: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<Captured> {
  return capture("docker", ["--host", engine, ...args], options);
}

/** As `docker`, but a non-zero exit is an error with what docker said. */
export async function mustDocker(
  engine: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<string> {
  const result = await docker(engine, args, options);
  if (result.code !== 0) throw new Error(`docker ${args.slice(0, 3).join(" ")}: ${said(result)}`);
  return result.stdout;
}

export type ContainerState =
  | "created"
  | "running"
  | "paused"
  | "restarting"
  | "removing"
  | "exited"
  | "dead";

/** A container of a lab, as the engine that runs it sees it. */
export interface LabContainer {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerState;
  /** Docker's own sentence on it, such as `Up 3 minutes`. */
  readonly status: string;
  /** Name, role and zone of the node, or empty for what is no node (the gateway). */
  readonly node: string;
  readonly role: string;
  readonly zone: string;
}

const FORMAT = [
  "{{.ID}}",
  "{{.Names}}",
  "{{.State}}",
  "{{.Status}}",
  ...[LABEL_NODE, LABEL_ROLE, LABEL_ZONE].map((label) => `{{.Label "${label}"}}`),
].join("\t");

/** Parses `docker ps` in the tab-separated form above. */
export function parseContainers(text: string): LabContainer[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", name = "", state = "", status = "", node = "", role = "", zone = ""] =
        line.split("\t");
      return { id, name, state: state as ContainerState, status, node, role, zone };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const labelled = (lab: string) => ["--filter", `label=${LABEL_LAB}=${lab}`];

/** All containers of a lab, running or not, sorted by name. */
export async function labContainers(engine: string, lab: string): Promise<LabContainer[]> {
  const args = ["ps", "--all", "--no-trunc", ...labelled(lab), "--format", FORMAT];
  return parseContainers(await mustDocker(engine, args));
}

/** Ids (volumes: names) of everything of a lab on an engine, by kind. */
export interface LabThings {
  readonly container: readonly string[];
  readonly volume: readonly string[];
  readonly network: readonly string[];
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** Everything on the engine that carries the lab's label. */
export async function labThings(engine: string, lab: string): Promise<LabThings> {
  const list = async (...args: string[]) =>
    words(await mustDocker(engine, [...args, "--quiet", ...labelled(lab)]));
  const [container, volume, network] = await Promise.all([
    list("ps", "--all", "--no-trunc"),
    list("volume", "ls"),
    list("network", "ls", "--no-trunc"),
  ]);
  return { container, volume, network };
}
