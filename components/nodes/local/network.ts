import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { ownershipLabels } from "../../labels.ts";
import { quoted } from "../quote.ts";

export interface LabNetworkArgs {
  readonly lab: string;
  readonly engine: string;
  /** IPv4 CIDR, for the life of the lab: the preflight refuses another one. */
  readonly subnet: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Adopts the network when an interrupted run already made it with this subnet; refuses one that is not the lab's.
 * LABELS are words quoted for the shell, since their texts are the user's.
 */
const CREATE = `
seen=$(docker network inspect --format '{{index .Labels "swarm-lab.lab"}} {{range .IPAM.Config}}{{.Subnet}}{{end}}' "$NAME" 2>/dev/null || true)
if [ -n "$seen" ]; then
  [ "$seen" = "$LAB $SUBNET" ] || { echo "network $NAME exists and is not this lab's ($seen)" >&2; exit 1; }
else
  eval 'docker network create --driver bridge --subnet "$SUBNET"' "$LABELS" '"$NAME"' >/dev/null
fi
printf %s "$NAME"`;

/** Asks by lists, which tell "none" from "no answer". */
const DELETE = `
volumes=$(docker volume ls --quiet --filter "name=^$NAME-" --filter "label=swarm-lab.lab=$LAB")
[ -z "$volumes" ] || docker volume rm $volumes >/dev/null
id=$(docker network ls --quiet --filter "name=^$NAME$" --filter "label=swarm-lab.lab=$LAB")
[ -z "$id" ] || docker network rm "$id" >/dev/null`;

/**
 * The bridge network that a lab's node containers share. A command and not a `docker.Network`: the provider waits two
 * seconds after every network it makes, on the path of everything else, and cannot adopt one of an interrupted run.
 */
export class LabNetwork extends pulumi.ComponentResource {
  readonly networkName: string;
  /**
   * Lives exactly as long as the lab: what is inside the swarm is `deletedWith` it, and so are the nodes' volumes, which
   * it removes all at once at its own end (the provider waits two seconds after each round of them).
   */
  readonly lifetime: pulumi.Resource;

  constructor(name: string, args: LabNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm-lab:nodes:LabNetwork", name, {}, opts);
    this.networkName = `swarm-lab-${args.lab}`;
    const labels = Object.entries(ownershipLabels({ lab: args.lab }, args.labels));
    this.lifetime = new command.local.Command(
      `${name}-bridge`,
      {
        interpreter: ["/bin/sh", "-euc"],
        create: CREATE,
        delete: DELETE,
        environment: {
          DOCKER_HOST: args.engine,
          LAB: args.lab,
          NAME: this.networkName,
          SUBNET: args.subnet,
          LABELS: labels.map(([key, value]) => quoted(`--label=${key}=${value}`)).join(" "),
        },
        triggers: [args.subnet],
        addPreviousOutputInEnv: false,
        logging: "stderr",
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.registerOutputs({ networkName: this.networkName });
  }
}
