import { readFile } from "node:fs/promises";
import Table from "cli-table3";
import pc from "picocolors";
import { describeProblem, UserError } from "../../components/errors.ts";
import type { LabDescription } from "../../stacks/outputs.ts";
import { locate } from "../backup/locate.ts";
import { backupSecrets, listBackups, placesOf, runBackup } from "../backup/operations.ts";
import { verifyBackup } from "../backup/verify.ts";
import { describeLab } from "./describe.ts";
import { ROOT } from "./paths.ts";
import { report, since } from "./report.ts";
import { enterForLooking } from "./status.ts";
import { systemdUnits } from "./systemd.ts";

export interface BackupVerbOptions {
  readonly hot?: boolean;
  readonly acceptOutage?: boolean;
  readonly node?: string;
  readonly encryptFor?: string;
  readonly passphraseFile?: string;
  readonly identityFile?: string;
  readonly registry: boolean;
  readonly volume?: readonly string[];
  readonly keep?: string;
  readonly list?: boolean;
  readonly verify?: string;
  readonly rehearse?: string;
  readonly systemd?: string;
}

/** The lab's description, or a UserError: without it nobody knows its nodes. */
export async function mustDescribe(stack: string): Promise<LabDescription> {
  const description = await describeLab(stack);
  if (description !== undefined) return description;
  throw new UserError(
    `lab ${stack}: got no lab that was finished, need one; \`npm run up\` makes it`,
  );
}

/** Puts secrets from files into the environment, where the operations look for them; never into arguments. */
export async function takeSecrets(
  options: Pick<BackupVerbOptions, "passphraseFile" | "identityFile">,
): Promise<void> {
  const files = {
    LAB_BACKUP_PASSPHRASE: options.passphraseFile,
    LAB_BACKUP_IDENTITY: options.identityFile,
  };
  for (const [name, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`${file}: got ${error.code}, need a file that holds the secret`);
    });
    // An identity file of age has comment lines.
    process.env[name] = content
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .join("\n")
      .trim();
  }
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

async function list(description: LabDescription, json: boolean): Promise<void> {
  const { place } = placesOf(description);
  const listed = await listBackups(place);
  if (json) return console.log(JSON.stringify(listed));
  if (listed.length === 0) return report(`no backup of lab ${description.lab} in ${place.where}`);
  const table = new Table({
    head: ["backup", "of", "cluster", "mode", "parts", "size"],
    style: { head: [] },
  });
  for (const { name, manifest, problem } of listed) {
    if (manifest === undefined) table.push([name, { colSpan: 5, content: pc.red(problem ?? "") }]);
    else {
      const parts = manifest.parts.map((part) => part.name).join(", ");
      const size = [manifest.swarm, ...manifest.parts].reduce((sum, { bytes }) => sum + bytes, 0);
      const sealed = manifest.swarm.encryption === "none" ? "" : `, ${manifest.swarm.encryption}`;
      table.push([
        name,
        manifest.node.name,
        manifest.clusterId.slice(0, 8),
        `${manifest.mode}${sealed}`,
        parts,
        mib(size),
      ]);
    }
  }
  console.log(table.toString());
}

async function verify(description: LabDescription, text: string, json: boolean): Promise<number> {
  const { place, name } = await locate(text, placesOf(description).place);
  const { problems, looked, manifest } = await verifyBackup(place, name, {
    decryption: backupSecrets(),
  });
  if (json) console.log(JSON.stringify({ name, whole: problems.length === 0, looked, problems }));
  for (const problem of problems) report(pc.red(describeProblem(problem)));
  if (problems.length > 0) return 1;
  const depth = looked
    ? "checksums, format and contents"
    : "checksums; without its secret nobody looked inside";
  report(pc.green(`${name} is whole (${depth}): cluster ${manifest.clusterId}, ${manifest.mode}`));
  if (manifest.mode === "hot")
    report(pc.yellow("it is a hot one: only `--rehearse` tells whether it starts"));
  return 0;
}

/** `npm run backup`: makes a backup, or looks at those there are. Returns the exit code. */
export async function backup(
  { stack, json }: { stack: string; json: boolean },
  options: BackupVerbOptions,
): Promise<number> {
  if (options.systemd !== undefined) {
    console.log(systemdUnits(ROOT, stack, options.systemd));
    return 0;
  }
  const start = performance.now();
  await enterForLooking(stack);
  await takeSecrets(options);
  const description = await mustDescribe(stack);
  if (options.list) return list(description, json).then(() => 0);
  if (options.verify !== undefined) return verify(description, options.verify, json);
  if (options.rehearse !== undefined) {
    const { rehearseBackup } = await import("./rehearse.ts");
    return rehearseBackup(description, options.rehearse, json);
  }
  const keep = options.keep === undefined ? undefined : Number(options.keep);
  if (keep !== undefined && (!Number.isInteger(keep) || keep < 1))
    throw new UserError(`--keep: got ${options.keep}, need a whole number, 1 or more`);
  const made = await runBackup(
    {
      description,
      ...{ hot: options.hot ?? false, acceptOutage: options.acceptOutage ?? false },
      ...{ registry: options.registry, volumes: options.volume ?? [] },
      ...(options.node === undefined ? {} : { node: options.node }),
      ...(options.encryptFor === undefined ? {} : { recipient: options.encryptFor }),
      ...(keep === undefined ? {} : { keep }),
    },
    report,
  );
  if (json) console.log(JSON.stringify(made));
  for (const name of made.removed) report(`backup ${name} is removed: enough newer ones are kept`);
  report(
    pc.green(
      `backup ${made.name} of ${made.node} (${made.mode}, ${mib(made.bytes)}) in ${since(start)}: ${made.where}`,
    ),
  );
  return 0;
}
