import Table from "cli-table3";
import pc from "picocolors";
import { DRILLS } from "../../components/drills/catalogue/index.ts";
import { groundOf } from "../drills/ground.ts";
import { describeLab } from "./describe.ts";
import { enterForLooking } from "./status.ts";

/** `npm run drill -- --list`. */
export async function listDrills({ stack, json }: { stack: string; json: boolean }): Promise<void> {
  await enterForLooking(stack);
  const description = await describeLab(stack);
  const listed = DRILLS.map(({ name, question, minutes, control = false, needs }) => {
    const reason = description === undefined ? "the lab is down" : needs(groundOf(description));
    return {
      name,
      question,
      minutes,
      control,
      available: reason === undefined,
      ...(reason ? { reason } : {}),
    };
  });
  if (json) return console.log(JSON.stringify(listed));
  const table = new Table({
    head: ["drill", "what it answers", "minutes", "here"],
    style: { head: [] },
    colWidths: [24, 60, 9, 30],
    wordWrap: true,
  });
  for (const { name, question, minutes, control, reason } of listed)
    table.push([
      control ? `${name} (control)` : name,
      question,
      minutes,
      reason === undefined ? pc.green("yes") : pc.yellow(`no: ${reason}`),
    ]);
  console.log(table.toString());
}
