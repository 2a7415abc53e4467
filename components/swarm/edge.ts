import * as pulumi from "@pulumi/pulumi";
import { nested, part } from "../late.ts";
import { SwarmConfig } from "./config-object.ts";
import { type EdgeRoute, edgeConfig } from "./edge-config.ts";
import { SwarmService } from "./service.ts";
import { OWN_SERVICE } from "./service-spec.ts";

export interface EdgeArgs {
  readonly lab: string;
  /** Id of the edge's image on the nodes. */
  readonly image: pulumi.Input<string>;
  readonly routes: readonly EdgeRoute[];
  readonly networkIds: readonly pulumi.Input<string>[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Published ports where the ingress mesh cannot work: a global service, one task on every node that runs tasks, which
 * publishes in host mode and passes connections over the overlay to the service's tasks, on whichever node they are.
 */
export class Edge extends pulumi.ComponentResource {
  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { own, late } = part(opts);
    super("swarm-lab:swarm:Edge", name, {}, own);
    const { lab, labels, routes } = args;
    const base64 = Buffer.from(edgeConfig(routes)).toString("base64");
    const config = new SwarmConfig(name, { lab, base64, labels }, nested(this, late));
    new SwarmService(
      name,
      {
        lab,
        service: "edge",
        image: args.image,
        spec: { ...OWN_SERVICE, mode: "global" },
        networkIds: args.networkIds,
        endpointMode: "dnsrr",
        ports: routes.map(({ published }) => ({
          target: published,
          published,
          publishMode: "host",
        })),
        secrets: [],
        configs: [
          {
            id: config.configId,
            name: config.configName,
            target: "/etc/haproxy/haproxy.cfg",
            mode: 0o444,
          },
        ],
        mounts: [],
        labels,
      },
      nested(this, late),
    );
    this.registerOutputs({});
  }
}
