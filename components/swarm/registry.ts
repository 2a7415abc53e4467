import * as pulumi from "@pulumi/pulumi";
import { resultOf, step } from "../command.ts";
import { nested, part, stepOptions } from "../late.ts";
import type { Credentials } from "../nodes/credentials.ts";
import type { NodeHandle } from "../nodes/types.ts";
import { REGISTRY_PORT } from "./ports.ts";
import { REGISTRY_FILES, registryConfig } from "./registry-config.ts";
import { partsFor, type RegistryStorage } from "./registry-storage.ts";
import { SwarmSecret } from "./secret.ts";
import { SwarmService } from "./service.ts";
import type { PushInput } from "./step-inputs.ts";

/** User that the registry's image runs as. */
const REGISTRY_USER = "65532";

export interface LabRegistryArgs {
  readonly lab: string;
  /** host:port under which the nodes reach it. */
  readonly address: string;
  /** Id of the registry's image on its node. */
  readonly image: pulumi.Input<string>;
  readonly storage: RegistryStorage;
  readonly credentials: pulumi.Input<Credentials>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The lab's registry, a service of the swarm: TLS from the lab's CA, one login, its data on a volume of one node or in a
 * bucket. Whatever is secret in its configuration is a secret of the swarm, and not in its environment.
 */
export class LabRegistry extends pulumi.ComponentResource {
  readonly address: string;
  readonly credentials: pulumi.Output<Credentials>;

  constructor(name: string, args: LabRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:LabRegistry", name, {}, own);
    const { lab, labels, storage } = args;
    this.address = args.address;
    this.credentials = pulumi.secret(pulumi.output(args.credentials));
    /** Secret, for what replicas share. It is made at once: nothing within the swarm is needed for it. */
    const configOn = ({ region, bucket }: Extract<RegistryStorage, { kind: "s3" }>) => {
      const made = step(
        `${name}-http-secret`,
        {
          create: "generate-secret.ts",
          ...{ inputs: { LAB_GENERATE: { length: 32, version: 1 } }, secretOutput: true },
        },
        { ...stepOptions(this, late), dependsOn: [] },
      );
      const httpSecret = resultOf<{ value: string }>(made).value;
      return pulumi
        .output({ lab, region, bucket, httpSecret, port: REGISTRY_PORT })
        .apply(registryConfig);
    };
    const file = (key: keyof typeof REGISTRY_FILES, text: pulumi.Output<string>) => {
      const base64 = text.apply((content) => Buffer.from(content).toString("base64"));
      const secret = new SwarmSecret(`${name}-${key}`, { lab, base64, labels }, nested(this, late));
      return {
        id: secret.secretId,
        name: secret.secretName,
        target: REGISTRY_FILES[key],
        mode: 0o400,
        uid: REGISTRY_USER,
      };
    };
    const { registry, registryLogin } = this.credentials;
    const config = storage.kind === "s3" ? configOn(storage) : undefined;
    new SwarmService(
      name,
      {
        lab,
        service: "registry",
        image: args.image,
        networkIds: [],
        endpointMode: "dnsrr",
        secrets: [
          file("cert", registry.cert),
          file("key", registry.key),
          file("htpasswd", registryLogin.htpasswd),
          ...(config === undefined ? [] : [file("config", config)]),
        ],
        configs: [],
        labels,
        ...partsFor(lab, storage),
      },
      nested(this, late),
    );
    this.registerOutputs({ address: this.address });
  }
}

export interface RegistryImageArgs {
  readonly registry: LabRegistry;
  /** The node that pushes. */
  readonly node: NodeHandle;
  /** Machine or bucket that holds the registry's data: with another one the image must be pushed again. */
  readonly holder: pulumi.Input<string>;
  /** Whether that machine does not answer now, so that nothing can be pushed. */
  readonly silent: boolean;
  readonly engine: string;
  /** The image on that engine; its name's last part and its tag are its name in the registry. */
  readonly image: string;
}

/**
 * One image in the lab's registry; `reference` names it by digest. It waits for the registry itself, and so runs beside
 * the two seconds that the provider takes over the registry's service.
 */
export class RegistryImage extends pulumi.ComponentResource {
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: RegistryImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:RegistryImage", name, {}, own);
    const { registry, node, engine, image } = args;
    const push = {
      node,
      engine,
      image,
      target: `${registry.address}/${image.slice(image.lastIndexOf("/") + 1)}`,
      registry: registry.address,
      username: registry.credentials.registryLogin.username,
    } satisfies pulumi.Inputs & { [key in keyof PushInput]: pulumi.Input<PushInput[key]> };
    const pushed = step(
      `${name}-push`,
      {
        create: "swarm/push-image.ts",
        inputs: { LAB_PUSH: push, LAB_MACHINE: args.holder },
        stays: args.silent,
        secrets: { LAB_REGISTRY_PASSWORD: registry.credentials.registryLogin.password },
      },
      stepOptions(this, late),
    );
    this.reference = resultOf<{ reference: string }>(pushed).reference;
    this.registerOutputs({ reference: this.reference });
  }
}
