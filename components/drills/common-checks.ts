import type { Evidence } from "./evidence.ts";
import type { TaskContainer } from "./stage.ts";
import { type Check, checkThat } from "./verdict.ts";

const identity = ({ node, service, id, startedAt }: TaskContainer) =>
  `${node} ${service} ${id} ${startedAt}`;

/** Whether every task's container of before is there still, not restarted; `exactly`: and no other one. */
export function checkUntouched(
  name: string,
  before: readonly TaskContainer[],
  after: readonly TaskContainer[],
  { exactly = false } = {},
): Check {
  const now = after.map(identity);
  const kept = before.map(identity).filter((one) => now.includes(one)).length;
  const others = exactly ? now.length - kept : 0;
  return checkThat(
    name,
    `${before.length} containers kept${exactly ? ", no other" : ""}`,
    `${kept} kept${others > 0 ? `, ${others} others` : ""}`,
    before.length > 0 && kept === before.length && others === 0,
  );
}

/** What `keepQuorum` keeps: a line for each manager that is listed, and how many the lab has. */
interface QuorumFacts {
  readonly quorum: readonly string[];
  readonly managersWanted: number;
}

/** Whether each of the lab's managers is Leader or Reachable, by the facts that `keepQuorum` kept. */
export function checkQuorum(facts: Evidence["facts"]): Check {
  const { quorum, managersWanted } = facts as unknown as QuorumFacts;
  return checkThat(
    "the quorum is whole",
    `${managersWanted} managers, all Leader or Reachable`,
    quorum.join(", "),
    quorum.length > 0 &&
      quorum.length === managersWanted &&
      quorum.every((one) => / (Leader|Reachable)$/.test(one)),
  );
}
