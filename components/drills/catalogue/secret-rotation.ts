import { type Drill, need } from "../drill.ts";
import { rotate } from "./rotation.ts";
import { judgeRotation, judgeSecrecy } from "./rotation-judge.ts";

/** E3: objects are immutable, and rotation is replacement. */
export const secretRotation: Drill = {
  name: "secret-rotation",
  question: "A password has leaked. How do I change it under a running service?",
  minutes: 0.5,
  minimumWrites: 0,
  claims: [
    {
      says: "Configs and secrets: create, use, rotate; secrets live in memory only in the task",
      shows:
        "a secret is on a tmpfs in the task and is shown nowhere; it cannot be changed, so that rotation is another one under the same path; once the old one is removed, a rollback is accepted and cannot start a task",
      holds: "partly",
    },
  ],
  needs: (ground) => need.all(need.workers(ground, 1), need.app(ground)),
  run: (stage) => rotate(stage, "secret"),
  judge: (evidence) => [...judgeRotation("secret", evidence), ...judgeSecrecy(evidence)],
};
