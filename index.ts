import * as pulumi from "@pulumi/pulumi";
import { UserError } from "./components/errors.ts";
import { loadConfig } from "./stacks/config/load.ts";
import { drillRuns } from "./stacks/drill-runs.ts";
import { Lab } from "./stacks/lab.ts";
import { prepare } from "./stacks/provide.ts";
import { stackOutputs } from "./stacks/stack-outputs.ts";

/** The top-level settings that Pulumi keeps encrypted; no message quotes them. */
function secretKeys(): string[] {
  const names = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]") as string[];
  return names.map((name) => name.slice(name.indexOf(":") + 1));
}

// Pulumi keeps a stack trace of every promise it makes, and the source maps it installs to translate them cost a preview a
// second. Node runs these files as they are written, so its own traces are right already.
Reflect.deleteProperty(Error, "prepareStackTrace");
// It also writes the trace of each resource's making into the state, a tenth of what is written some two hundred times.
Error.stackTraceLimit = 3;

/** Stands up what the configuration asks for, and returns the stack's outputs. */
async function build(): Promise<object> {
  const { config, warnings } = loadConfig({
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    all: pulumi.runtime.allConfig(),
    root: import.meta.dirname,
    secretKeys: secretKeys(),
  });
  const root = import.meta.dirname;
  const stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const report = (line: string) => void pulumi.log.info(line);
  const ground = await prepare(config, { root, stack, report });
  const drills = { ...config.drills, ...drillRuns(root, config.lab) };
  const made = new Lab(config.lab, { config, ground, warnings, root, drills });
  for (const warning of made.description.warnings) await pulumi.log.warn(warning);
  return stackOutputs(made);
}

export default await build().catch((error: unknown) => {
  throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
});
