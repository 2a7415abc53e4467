import { type AddVerb, chosen, JSON_OPTION, list } from "./verb.ts";

const PASSPHRASE = [
  "--passphrase-file <file>",
  "file with the passphrase of the archives (or LAB_BACKUP_PASSPHRASE)",
] as const;
const IDENTITY = [
  "--identity-file <file>",
  "file with the age identity that opens the archives",
] as const;

/** What is done to a swarm that stands: backup, restore, drills. */
export function addOperationVerbs(verb: AddVerb): void {
  verb(
    "backup",
    "back up the swarm and what runs on it; list, verify and rehearse backups",
    async (command) =>
      (await import("../cli/backup.ts")).backup(await chosen(command), command.opts()),
  )
    .option("--list", "the backups there are")
    .option("--verify <backup>", "whether a backup is whole")
    .option("--rehearse <backup>", "start a swarm from it where nobody hears it, and compare")
    .option("--hot", "leave the engine running; such a copy may not start again")
    .option("--accept-outage", "stop the only manager of a swarm that has one")
    .option("--node <name>", "the manager to take it from (default: one that follows)")
    .option("--no-registry", "leave the registry's data out")
    .option("--volume <name>", "a named volume that goes along; may be given again", list)
    .option("--encrypt-for <recipient>", "age public key that the archives are encrypted for")
    .option(...PASSPHRASE)
    .option(...IDENTITY)
    .option("--keep <number>", "good backups kept; older ones go")
    .option("--systemd <calendar>", "print a systemd timer that makes backups, and do nothing")
    .option(...JSON_OPTION);

  verb("restore", "bring the swarm back from a backup", async (command) => {
    const [from = ""] = command.args;
    return (await import("../cli/restore.ts")).restore(await chosen(command), from, command.opts());
  })
    .argument("<backup>", "its name, or the path of its folder, manifest or archive")
    .option("--fence", "stop the engines of managers that could still speak for the old swarm")
    .option("--volume <name>", "bring back the content of this volume alone; the swarm lives on")
    .option(
      "--alias-address",
      "restore on another machine, which answers at the old address meanwhile",
    )
    .option(
      "--recreate <service>",
      "start a service's tasks anew at the end; may be given again",
      list,
    )
    .option(...PASSPHRASE)
    .option(...IDENTITY)
    .option(...JSON_OPTION);

  verb("drill", "break the lab and bring it back, with evidence", async (command) => {
    const [name] = command.args;
    const options = command.opts<{
      list?: boolean;
      all?: boolean;
      soak?: string;
      seed?: string;
      runId?: string;
      withoutRecovery?: boolean;
    }>();
    const { soak: count, seed } = options;
    if (count !== undefined)
      return (await import("../cli/soak.ts")).soak(await chosen(command), { count, seed });
    if (options.all) return (await import("../cli/drill-all.ts")).drillAll(await chosen(command));
    if (options.list || name === undefined)
      return (await import("../cli/drill-list.ts")).listDrills(await chosen(command));
    if (options.withoutRecovery) {
      const { drillWithoutRecovery } = await import("../cli/drill-apart.ts");
      return drillWithoutRecovery(await chosen(command), name);
    }
    return (await import("../cli/drill.ts")).drill(await chosen(command), name, options.runId);
  })
    .argument("[name]", "the drill; left out: the list of them")
    .option("--list", "what each drill answers, how long it takes, whether this lab can run it")
    .option("--all", "every drill, one after another, the wrong procedures last")
    .option(
      "--soak <number>",
      "that many drills at random, with writers that go on through all of them",
    )
    .option("--seed <number>", "the soak's sequence (default: another each time)")
    .option(
      "--without-recovery",
      "leave the recovery out, to see the drill fail; then mend the lab",
    )
    .option("--run-id <id>", "the run's id (default: the time); one id is run once")
    .option(...JSON_OPTION);
}
