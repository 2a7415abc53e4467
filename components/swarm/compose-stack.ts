import * as pulumi from "@pulumi/pulumi";
import { step } from "../command.ts";
import { part, stepOptions } from "../late.ts";
import type { NodeHandle } from "../nodes/types.ts";
import type { ComposeInput } from "./step-inputs.ts";

export interface ComposeStackArgs {
  /** Name of the compose stack; the names of its services begin with it. */
  readonly stack: string;
  /** The compose file's text. A change of it deploys again. */
  readonly content: string;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  readonly registry?: {
    readonly address: string;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Input<string>;
  };
  readonly managers: readonly NodeHandle[];
}

/** One compose file deployed with `docker stack deploy`; another name is another compose stack, so it replaces. */
export class ComposeStack extends pulumi.ComponentResource {
  readonly deployed: pulumi.Resource;

  constructor(name: string, args: ComposeStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:ComposeStack", name, {}, own);
    const { registry, stack, content, variables } = args;
    const compose: { [key in keyof ComposeInput]: pulumi.Input<unknown> } = {
      stack,
      content,
      variables,
      registry: registry && { address: registry.address, username: registry.username },
    };
    this.deployed = step(
      `${name}-deploy`,
      {
        create: "swarm/compose.ts",
        delete: "swarm/compose.ts --remove",
        inputs: { LAB_COMPOSE: compose },
        peers: args.managers,
        secrets: registry ? { LAB_REGISTRY_PASSWORD: registry.password } : {},
      },
      { ...stepOptions(this, late), replacementTrigger: stack },
    );
    this.registerOutputs({ stack });
  }
}
