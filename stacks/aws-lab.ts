import { IMAGE_KERNEL } from "../components/nodes/aws/kernel.ts";
import { architectureOf } from "../components/nodes/aws/machine-image.ts";
import { type BuildGround, prepareBuild } from "../components/nodes/build.ts";
import type { KernelFeatures } from "../components/nodes/types.ts";
import { type AwsGround, type AwsPreparation, prepareAws } from "./aws-ground.ts";
import { createOnAws } from "./aws-machines.ts";
import type { LabConfig } from "./config/resolved.ts";

/** What AWS and this machine give to the lab, known before any resource is, and what makes it of that. */
export interface AwsLabGround extends AwsGround, BuildGround {
  readonly kernel: KernelFeatures;
  readonly provide: typeof createOnAws;
}

/** The preflight of a lab on AWS: of the account first, then of the engine that builds its images. Throws a UserError. */
export async function prepareLabOnAws(
  config: LabConfig,
  preparation: AwsPreparation,
): Promise<AwsLabGround> {
  const ground = await prepareAws(config, preparation);
  const { instanceType } = config.aws;
  const build = await prepareBuild({
    report: preparation.report,
    wanted: {
      architecture: architectureOf(instanceType),
      ...{ where: "swarm-lab:aws.instanceType", got: instanceType },
    },
  });
  return { ...ground, ...build, kernel: IMAGE_KERNEL, provide: createOnAws };
}
