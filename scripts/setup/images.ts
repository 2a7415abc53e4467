import { docker } from "../cli/docker.ts";
import type { Report } from "../cli/report.ts";
import { ensureImages, IMAGE_NAMES, imageTag } from "../images.ts";
import type { Step } from "./step.ts";

/** Brings the images that the lab's machines and its application are made from. */
export class ImagesStep implements Step {
  readonly name = "images";
  readonly #engine: () => string;

  constructor(engine: () => string) {
    this.#engine = engine;
  }

  async done(): Promise<boolean> {
    const tags = IMAGE_NAMES.map((name) => imageTag(name));
    const { code } = await docker(this.#engine(), ["image", "inspect", "--format", "x", ...tags]);
    return code === 0;
  }

  async run(say: Report): Promise<void> {
    await ensureImages([...IMAGE_NAMES], { engine: this.#engine(), report: say });
  }
}
