import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { ROOT } from "./fixtures.ts";

/** The constructor that every component has. */
export type ComponentClass = new (
  name: string,
  args: never,
  opts?: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

export interface ExportedComponent {
  readonly className: string;
  /** nodes, swarm or stacks: the layer that the file belongs to. */
  readonly area: string;
  readonly file: string;
  readonly component: ComponentClass;
}

const isComponent = (value: unknown): value is ComponentClass =>
  typeof value === "function" && value.prototype instanceof pulumi.ComponentResource;

/** Every component that a file under components/ or stacks/ exports, found by importing them all. */
export async function exportedComponents(): Promise<ExportedComponent[]> {
  const files = globSync("{components,stacks}/**/*.ts", { cwd: ROOT }).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const exported: object = await import(pathToFileURL(join(ROOT, file)).href);
      const [top = "", folder = ""] = file.split("/");
      const area = top === "components" ? folder : top;
      return Object.entries(exported).flatMap(([className, component]) =>
        isComponent(component) ? [{ className, area, file, component }] : [],
      );
    }),
  );
  return found.flat();
}
