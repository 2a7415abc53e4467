/** Restores a swarm for a command resource and prints in what it differs from its manifest, as one JSON line. */
import type { RestoreInput } from "../../components/backup/run-input.ts";
import { report } from "../cli/report.ts";
import { input, runStep } from "../lib/driver.ts";
import { runRestore } from "./operations.ts";

await runStep(() => runRestore(input<RestoreInput>("LAB_RESTORE"), report));
