import { type Drill, need } from "../drill.ts";
import { rotate } from "./rotation.ts";
import { judgeOpenness, judgeRotation } from "./rotation-judge.ts";

/** E4: objects are immutable, and rotation is replacement. */
export const configRotation: Drill = {
  name: "config-rotation",
  question: "A configuration file has to change. How do I do that under a running service?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Configs and secrets: create, use, rotate; secrets live in memory only in the task",
      shows:
        "a config cannot be changed either: rotation is another one under the same path; its data is shown to anyone who may ask the swarm",
      holds: "partly",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run: (stage) => rotate(stage, "config"),
  judge: (evidence) => [...judgeRotation("config", evidence), ...judgeOpenness(evidence)],
};
