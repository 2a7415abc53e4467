/** Makes one backup for a command resource and prints what it is, as one JSON line. */
import type { BackupInput } from "../../components/backup/run-input.ts";
import { report } from "../cli/report.ts";
import { input, runStep } from "../lib/driver.ts";
import { runBackup } from "./operations.ts";

await runStep(() => runBackup(input<BackupInput>("LAB_BACKUP"), report));
