import { join } from "node:path";
import { report } from "../../../scripts/cli/report.ts";
import { ensureImage } from "../../../scripts/images.ts";
import { run } from "../../../scripts/lib/image-engine.ts";
import type { Machines } from "./machines.ts";

/** Port on which the application answers. */
export const PORT = 8080;

/** What the application says of itself. */
export interface Answer {
  readonly node: string;
  readonly task: string;
}

/** Options of a service that runs the application. */
export const APP_OPTIONS = [
  "--no-resolve-image --detach",
  "--env 'NODE={{.Node.Hostname}}' --env 'TASK={{.Task.Slot}}'",
].join(" ");

/** Builds the lab's application where it is missing, and loads it on machines, which have no registry. Returns its name. */
export async function loadApp(machines: Machines, names: readonly string[]): Promise<string> {
  const engine = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
  const image = await ensureImage("app", { engine, report });
  const file = join(machines.folder, "app.tar");
  const save = ["--host", engine, "image", "save", "--output", file, image];
  await run("docker image save", "docker", save, {}, 60_000);
  await Promise.all(names.map((name) => machines.feed(name, file, "docker image load --quiet")));
  return image;
}

/** Asks the published port of a machine from outside the swarm; undefined when it does not answer within 5 s. */
export async function ask(
  machines: Machines,
  name: string,
  port: number,
): Promise<Answer | undefined> {
  const url = `http://${machines.host(name).address}:${port}/`;
  const result = await machines.run("curl", ["-sS", "--noproxy", "*", "--max-time", "5", url]);
  return result.code === 0 ? (JSON.parse(result.stdout) as Answer) : undefined;
}
