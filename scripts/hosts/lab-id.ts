/** Makes the id under which a stack claims its hosts, once: it is no other stack's, whatever that one's name. */
import { randomUUID } from "node:crypto";
import { runStep } from "../lib/driver.ts";

await runStep(async () => {
  const before = process.env.PULUMI_COMMAND_STDOUT;
  return before ? JSON.parse(before) : { id: randomUUID() };
});
