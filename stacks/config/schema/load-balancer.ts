/** The load balancer in front of a lab on AWS. */
import { clientNetwork } from "./client-network.ts";
import { flag, matching, section, unique } from "./leaves.ts";

const portName = matching(
  /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\.\d+$/,
  'a port as service.target, such as "app.8080"',
  "port",
);

export const loadBalancer = section({
  clients: clientNetwork()
    .meta({ title: "CIDR" })
    .describe("The one network outside from which it is reached"),
  everybody: unique(portName, 'a list of ports as service.target, such as "app.8080"')
    .default([])
    .describe("Ports of services, as service.target, that everybody may reach instead"),
  registry: flag()
    .default(false)
    .describe("Whether the registry is reached through it too, by those clients alone"),
});
