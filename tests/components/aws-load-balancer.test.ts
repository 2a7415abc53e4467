import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { AwsLoadBalancer } from "../../components/nodes/aws/load-balancer.ts";
import { AwsNodes } from "../../components/nodes/aws/nodes.ts";
import { planPlacement, ZONE_LETTERS } from "../../components/nodes/aws/placement.ts";
import { listenersOf } from "../../stacks/aws-front.ts";
import { ARGS } from "../support/component-args.ts";
import { devConfig } from "../support/fixtures.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText, UNKNOWN } from "../support/properties.ts";
import type { Recording } from "../support/recording.ts";

const tags = (what: string) => ({
  ...{ team: "blue", "swarm-lab.lab": "dev", Name: `dev-${what}` },
});
const NAME = (what: string) => expect.stringMatching(new RegExp(`^${what}-[0-9a-f]{10}$`));

describe("a load balancer in front of a lab", () => {
  let recording: Recording;
  let made: AwsLoadBalancer;
  beforeAll(async () => {
    ({ recording, made } = await record(() => new AwsLoadBalancer("l", ARGS.AwsLoadBalancer())));
  });

  test("is a network one over the subnets, with a listener and a target group for each port, and nothing more", async () => {
    const seen = recording.custom.map(({ name, inputs }) => [name, inputs] as const);
    const every = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 };
    const group = (name: string, port: number, healthCheck: object, what: string) => ({
      ...{ name: NAME(name), vpcId: "vpc-1", port, protocol: "TCP", targetType: "instance" },
      ...{ preserveClientIp: "false", deregistrationDelay: 30, connectionTermination: true },
      ...{ healthCheck: { ...healthCheck, port: "traffic-port", ...every }, tags: tags(what) },
    });
    const listener = (key: string, port: number) => ({
      ...{ loadBalancerArn: "arn-of-l-balancer", port, protocol: "TCP", tags: tags(key) },
      defaultActions: [{ type: "forward", targetGroupArn: `arn-of-l-${key}` }],
    });
    const target = (key: string, node: string, port: number) => ({
      ...{ targetGroupArn: `arn-of-l-${key}`, targetId: `i-${node}`, port },
    });
    expect(Object.fromEntries(seen)).toEqual({
      "l-balancer": {
        ...{ name: NAME("lab-dev"), loadBalancerType: "network", internal: false },
        ...{ subnets: ["subnet-a", "subnet-b"], securityGroups: ["sg-front"] },
        ...{ enableCrossZoneLoadBalancing: true, tags: tags("balancer") },
      },
      "l-app-tcp8080": group("lab-dev-app-tcp8080", 20_003, { protocol: "TCP" }, "app-tcp8080"),
      "l-app-tcp8080-listener": listener("app-tcp8080", 20_003),
      "l-app-tcp8080-m1": target("app-tcp8080", "m1", 20_003),
      "l-app-tcp8080-w1": target("app-tcp8080", "w1", 20_003),
      "l-registry": group(
        ...(["lab-dev-registry", 5000] as const),
        ...([{ protocol: "HTTPS", path: "/", matcher: "200" }, "registry"] as const),
      ),
      "l-registry-listener": listener("registry", 5000),
      "l-registry-w1": target("registry", "w1", 5000),
    });
    expect(await promiseOf(made.dnsName)).toBe("l-balancer.example");
  });

  test("goes before another one comes, which its name would keep out", () => {
    expect(recording.one("l-balancer").options.deleteBeforeReplace).toBe(true);
  });

  test("has target groups whose names change with what replaces them, and with nothing else", async () => {
    const nameOf = async (changes: object, key = "app-tcp8080") => {
      const args = { ...ARGS.AwsLoadBalancer(), ...changes };
      const { recording: other } = await record(() => new AwsLoadBalancer("l", args));
      return other.one(`l-${key}`).inputs.name;
    };
    const [first, ...rest] = ARGS.AwsLoadBalancer().listeners;
    if (first === undefined) throw new Error("there is no listener");
    const name = recording.one("l-app-tcp8080").inputs.name;
    expect(await nameOf({ vpc: "10.30.0.0/16" })).not.toBe(name);
    expect(await nameOf({ listeners: [{ ...first, port: 20_004 }, ...rest] })).not.toBe(name);
    expect(await nameOf({ listeners: [{ ...first, nodes: ["w1"] }], labels: {} })).toBe(name);
  });
});

const withBalancer = (managers: number, workers: number, zones: readonly string[]) => {
  const aws = {
    region: "eu-central-1",
    loadBalancer: { clients: "198.51.100.0/24", everybody: ["app.8080"], registry: true },
  };
  const config = devConfig({ provider: "aws", aws, managers, workers, zones });
  const placement = planPlacement({ ...config, region: "eu-central-1", subnet: "10.20.0.0/16" });
  const args = { ...ARGS.AwsNodes(), placement, listeners: listenersOf(config, placement) };
  return (preview = false) => record(() => new AwsNodes("n", args), { preview });
};
const urns = (recording: Recording) => recording.all.map(({ urn }) => urn).sort();

describe("a lab with a load balancer", () => {
  test("of any size over any zones has it in each zone, and each node behind it once", async () => {
    const sizes = fc.record({
      managers: fc.constantFrom(1, 3, 5, 7),
      workers: fc.integer({ min: 1, max: 4 }),
      zones: fc.constantFrom(2, 3, 6).map((count) => ZONE_LETTERS.slice(0, count)),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ managers, workers, zones }) => {
        const { recording } = await withBalancer(managers, workers, zones)();
        const [balancer, ...others] = recording.ofType("aws:lb/loadBalancer:LoadBalancer");
        expect(others).toEqual([]);
        expect(balancer?.inputs).toMatchObject({
          subnets: zones.map((zone) => `n-network-${zone}-id`),
          securityGroups: ["n-firewall-load-balancer-id"],
        });
        const behind = (key: string) =>
          recording
            .ofType("aws:lb/targetGroupAttachment:TargetGroupAttachment")
            .filter(({ inputs }) => inputs.targetGroupArn === `arn-of-n-front-${key}`)
            .map(({ inputs }) => inputs.targetId);
        const instances = recording
          .ofType("aws:ec2/instance:Instance")
          .map(({ name }) => `${name}-id`);
        expect(instances).toHaveLength(managers + workers);
        expect(behind("app-tcp8080").sort()).toEqual(instances.sort());
        expect(behind("registry")).toEqual(["n-w1-instance-id"]);
      }),
      { numRuns: 8 },
    );
  });

  test("opens to everybody the one port that the configuration says so of", async () => {
    const { recording } = await withBalancer(3, 2, ["a", "b", "c"])();
    const open = recording
      .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ inputs }) => "cidrIpv4" in inputs)
      .map(({ name, inputs }) => [name, inputs.cidrIpv4, inputs.securityGroupId]);
    expect(open).toEqual([
      ["n-firewall-clients-app-tcp8080", "0.0.0.0/0", "n-firewall-load-balancer-id"],
      ["n-firewall-clients-registry", "198.51.100.0/24", "n-firewall-load-balancer-id"],
    ]);
  });

  test("has the addresses of its nodes reserved before the load balancer takes any", async () => {
    const { recording } = await withBalancer(3, 2, ["a", "b", "c"])();
    const reserved = recording.ofType("aws:ec2/subnetCidrReservation:SubnetCidrReservation");
    expect(reserved).toHaveLength(6);
    const before = recording.allDependencies(recording.one("n-front-balancer"));
    for (const { name } of reserved) expect([...before]).toContain(name);
  });

  test("shows all of it at the first preview, and is in doubt about nothing but ids", async () => {
    const build = withBalancer(3, 2, ["a", "b", "c"]);
    const [{ recording: up }, { recording: preview }] = [await build(), await build(true)];
    expect(urns(preview)).toEqual(urns(up));
    const shown = preview.custom.filter(({ type }) => type.startsWith("aws:lb/"));
    expect(shown.length).toBeGreaterThan(9);
    for (const { name, inputs, wire } of shown) {
      const unknown = Object.entries(inputs).filter(([, value]) =>
        JSON.stringify(value).includes(UNKNOWN),
      );
      for (const [key] of unknown)
        expect(name && key).toMatch(
          /^(subnets|securityGroups|vpcId|loadBalancerArn|defaultActions|targetGroupArn|targetId)$/,
        );
      const texts = clearText(wire)
        .split("\n")
        .filter((text) => text !== UNKNOWN);
      expect(
        texts.filter((text) => text.includes(UNKNOWN)),
        name,
      ).toEqual([]);
    }
  });
});
