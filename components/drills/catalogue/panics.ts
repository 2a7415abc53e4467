import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";

/** What an engine said when it died of its own log; "no panic" when it did not. */
export function panicOf(log: string): string {
  const lines = log.split("\n").filter((line) => /^panic: |is out of range/.test(line));
  const said = lines.findLast((line) => line.includes("is out of range")) ?? lines.at(-1);
  return (
    said?.replace(/^panic: /, "").replace(/^time="[^"]*" level=\w+ msg="([^"]*)".*/, "$1") ??
    "no panic"
  );
}

/** Waits until an engine that was started has ended without being told to. */
export async function stopsByItself(stage: Stage, node: NodeHandle, seconds = 60): Promise<void> {
  await stage.until(`the engine of ${node.name} ends by itself`, seconds, async () =>
    (await stage.isOn(node)) ? { waiting: "it runs" } : { done: true },
  );
}
