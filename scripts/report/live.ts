import { setTimeout as sleep } from "node:timers/promises";
import { figuresOf } from "../../components/report/figures.ts";
import { contentPolicy, pageOf } from "../../components/report/page.ts";
import { pageAssets } from "./assets.ts";
import type { Gatherer } from "./gather.ts";
import { type Served, type Serving, serve } from "./serve.ts";

/** Milliseconds between two looks at the files, and at the lab itself. */
const FILES = 1500;
const LAB = 6000;

export interface LiveOptions {
  readonly gatherer: Gatherer;
  readonly port: number;
  readonly most: number;
  /** Told what went wrong with a look that is tried again. */
  readonly say: (line: string) => void;
}

export interface Live {
  readonly url: string;
  /** Ends the looks, and then the server. */
  stop(): Promise<void>;
}

/** Serves a report and keeps it as new as what it is made from, until `stop`. */
export async function goLive({ gatherer, port, most, say }: LiveOptions): Promise<Live> {
  const assets = pageAssets({ live: true });
  const policy = contentPolicy(assets);
  const made = async (): Promise<{ stamp: string; served: Served }> => {
    const { input, stamp } = await gatherer.read();
    const figures = figuresOf(input, { most });
    return { stamp, served: { figures, policy, page: pageOf(figures, assets) } };
  };
  let current = await made();
  const server: Serving = await serve({ port, now: () => current.served });
  const ended = new AbortController();
  const { signal } = ended;
  /** Does something again and again. What fails is said and tried again: a file may be half written at that moment. */
  const again = async (pause: number, work: () => Promise<void>) => {
    while (!signal.aborted) {
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await work().catch((error: unknown) => say(`report: ${(error as Error).message}`));
    }
  };
  const files = again(FILES, async () => {
    const { stamp } = await gatherer.read();
    if (stamp === current.stamp) return;
    current = await made();
    server.renew();
  });
  const lab = again(LAB, () => gatherer.look());
  return {
    url: server.url,
    stop: async () => {
      ended.abort();
      await Promise.all([files, lab]);
      await server.close();
    },
  };
}
