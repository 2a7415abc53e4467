import { join } from "node:path";
import { cacheFolder } from "../../components/cache.ts";
import { enter } from "../cli/environment.ts";
import { type Report, report, timed } from "../cli/report.ts";
import { BackendStep } from "./backend.ts";
import { EngineStep } from "./engine.ts";
import { ImagesStep } from "./images.ts";
import { withLock } from "./lock.ts";
import { PluginsStep } from "./plugins.ts";
import { PulumiStep } from "./pulumi.ts";
import type { Step } from "./step.ts";

/** What set-up leaves for the commands of the lab. */
export interface Ready {
  /** DOCKER_HOST of the engine that runs the lab. */
  readonly engine: string;
}

/**
 * Runs the steps that are not done, one after the other, each said with its seconds. What a failing step throws ends
 * the chain.
 */
export async function runChain(steps: readonly Step[], say: Report): Promise<void> {
  for (const step of steps) {
    if (await step.done()) continue;
    await timed(`set-up: ${step.name}`, () => step.run(say), say);
  }
}

/** Runs chains side by side. All come to an end before the first failure is thrown, as half a build is worth keeping. */
export async function runChains(chains: readonly Step[][], say: Report): Promise<void> {
  const results = await Promise.allSettled(chains.map((chain) => runChain(chain, say)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

/**
 * Brings everything a stack needs and puts its environment into this process. When all is there it only looks:
 * all steps at once. Otherwise one set-up at a time on a machine, and the compiler works beside engine and images.
 */
export async function setUp(stack: string, say: Report = report): Promise<Ready> {
  const engine = new EngineStep();
  const pulumi = new PulumiStep();
  const images = new ImagesStep(() => engine.host);
  const plugins = new PluginsStep(() => pulumi.bin);
  const backend = new BackendStep(stack);
  const enterNow = () => enter({ stack, engine: engine.host, pulumi: pulumi.bin });

  // A step that cannot be brought here throws at this look, before anything long begins.
  const looks = await Promise.all([
    engine.done().then(async (done) => done && (await images.done())),
    Promise.all([pulumi.done(), plugins.done()]).then((all) => all.every(Boolean)),
  ]);
  if (!looks.every(Boolean)) {
    await withLock(join(cacheFolder(), "set-up.lock"), say, () =>
      runChains(
        [
          [engine, images],
          [pulumi, plugins],
        ],
        say,
      ),
    );
  }
  enterNow();
  await runChain([backend], say);
  return { engine: engine.host };
}
