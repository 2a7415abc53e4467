import type { KernelFeatures, NodeHandle } from "../nodes/types.ts";
import type { Evidence } from "./evidence.ts";
import type { Stage } from "./stage.ts";
import type { Check } from "./verdict.ts";

/** What a drill may ask about a lab before it says whether it can run there. */
export interface DrillGround {
  readonly nodes: readonly NodeHandle[];
  readonly expendable: boolean;
  readonly kernel: KernelFeatures;
  /** Names of the application's services that show their secret and answer requests. */
  readonly apps: readonly string[];
  readonly registry: boolean;
}

/** A sentence that study notes teach, and what the drill shows of it on a real swarm. */
export interface Claim {
  readonly says: string;
  /** What is seen: short, with the figures of this lab's engine where the drill measures them. */
  readonly shows: string;
  /** Whether the claim holds as it stands, only in part, or not. */
  readonly holds: "yes" | "partly" | "no";
}

/** One disaster-recovery exercise. Its file says what it asks, needs, does and judges, and nothing else does. */
export interface Drill {
  /** How a person calls it. */
  readonly name: string;
  /** The question a student would ask, which the verdict answers. */
  readonly question: string;
  /** About how long it takes on the dev lab. */
  readonly minutes: number;
  /** True for the wrong procedure, whose known bad outcome must be seen. */
  readonly control?: boolean;
  /** True where acknowledged writes are taken back by right, as a restore does: no other drill's writers can run through it. */
  readonly rewinds?: boolean;
  /** Fewest acknowledged writes before and after the fault, without which there is no verdict; 0: it judges no writes. */
  readonly minimumWrites: number;
  /** True for a control in which an acknowledged write must be lost, and be seen to be. */
  readonly expectLost?: boolean;
  /** What study notes say about its subject, and what it shows; README's table of claims is made from these. */
  readonly claims?: readonly Claim[];
  /** What it does not prove, a sentence each. */
  readonly limits?: readonly string[];
  /** Why this lab cannot stage it; undefined when it can. */
  needs(ground: DrillGround): string | undefined;
  /** Breaks and recovers the lab. Throws when something does not happen that must. */
  run(stage: Stage): Promise<void>;
  /** The drill's own checks, from nothing but the evidence. */
  judge(evidence: Evidence): Check[];
}

/** Reasons that most drills share. */
export const need = {
  managers(ground: DrillGround, count: number): string | undefined {
    const managers = ground.nodes.filter(({ role }) => role === "manager").length;
    return managers >= count
      ? undefined
      : `it has ${managers} managers, and this needs ${count} or more`;
  },
  workers(ground: DrillGround, count: number): string | undefined {
    const workers = ground.nodes.filter(({ role }) => role === "worker").length;
    return workers >= count
      ? undefined
      : `it has ${workers} workers, and this needs ${count} or more`;
  },
  spareMachine({ nodes }: DrillGround): string | undefined {
    return nodes.every(({ connection }) => connection.kind === "container")
      ? undefined
      : "its nodes are machines of their own, and this needs one machine more, which it cannot make there";
  },
  app(ground: DrillGround): string | undefined {
    return ground.apps.length > 0
      ? undefined
      : "it runs no service of the lab's application, which shows what it reads";
  },
  expendable(ground: DrillGround): string | undefined {
    return ground.expendable
      ? undefined
      : "it is not marked expendable, and this destroys a swarm on purpose (swarm-lab:expendable: true)";
  },
  all(...reasons: (string | undefined)[]): string | undefined {
    return reasons.find((reason) => reason !== undefined);
  },
};
