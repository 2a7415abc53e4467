import { beforeAll, describe, expect, test } from "vitest";
import { NODE_SECURITY_OPTS } from "../../components/nodes/local/containment.ts";
import { LocalMachine, type LocalMachineArgs } from "../../components/nodes/local/machine.ts";
import { ARGS } from "../support/component-args.ts";
import { CREDENTIALS } from "../support/mock-outputs.ts";
import { record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import type { Registration } from "../support/registration.ts";

async function build(changes: Partial<LocalMachineArgs> = {}) {
  const { recording } = await record(
    () => new LocalMachine("m", { ...ARGS.LocalMachine(), ...changes }),
  );
  return {
    recording,
    volume: recording.one("m-data"),
    container: recording.one("m-container"),
  };
}

const labels = [
  { label: "swarm-lab.lab", value: "dev" },
  { label: "swarm-lab.node", value: "m2" },
  { label: "swarm-lab.role", value: "manager" },
  { label: "swarm-lab.zone", value: "b" },
  { label: "team", value: "blue" },
];

describe("a node's machine", () => {
  let volume: Registration;
  let container: Registration;
  beforeAll(async () => {
    const built = await build();
    ({ volume, container } = built);
    expect(built.recording.custom).toHaveLength(2);
  });

  test("keeps its engine's data on a volume of the node's name", () => {
    expect(volume.type).toBe("docker:index/volume:Volume");
    expect(volume.inputs).toEqual({ name: "swarm-lab-dev-m2", labels });
    expect(container.inputs.volumes).toEqual([
      { volumeName: "swarm-lab-dev-m2", containerPath: "/var/lib/docker" },
    ]);
    expect(container.options.dependencies).toEqual([volume.urn]);
  });

  test("is this container and nothing more", () => {
    const { uploads, volumes, securityOpts, ...rest } = container.inputs;
    expect(rest).toEqual({
      name: "swarm-lab-dev-m2",
      hostname: "m2",
      image: "swarm-lab/node:1",
      command: [
        "--host=tcp://0.0.0.0:2376",
        "--tlsverify",
        "--tlscacert=/etc/swarm-lab/tls/ca.pem",
        "--tlscert=/etc/swarm-lab/tls/cert.pem",
        "--tlskey=/etc/swarm-lab/tls/key.pem",
        "--debug=true",
      ],
      capabilities: { adds: ["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_SYS_PTRACE"], drops: [] },
      cgroupnsMode: "private",
      memory: 512,
      memorySwap: 512,
      cpus: "1.5",
      networksAdvanced: [
        {
          name: "swarm-lab-dev",
          ipv4Address: "10.210.3.12",
          aliases: ["m2", "nodes", "managers"],
        },
      ],
      labels,
      restart: "no",
      mustRun: true,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "2" },
    });
    expect(securityOpts).toEqual(NODE_SECURITY_OPTS);
  });

  test("is not privileged and publishes no port", () => {
    expect(container.inputs).not.toHaveProperty("privileged");
    expect(container.inputs).not.toHaveProperty("ports");
    expect(container.inputs).not.toHaveProperty("networkMode");
    expect(container.options.ignoreChanges).toEqual(["networkMode"]);
  });

  test("gets its certificates, the registry's CA and its zone as one secret", () => {
    const { ca, engine } = CREDENTIALS;
    const content = [
      `--- 0644 /etc/swarm-lab/tls/ca.pem\n${ca.trim()}\n`,
      `--- 0644 /etc/swarm-lab/tls/cert.pem\n${engine.cert.trim()}\n`,
      `--- 0600 /etc/swarm-lab/tls/key.pem\n${engine.key.trim()}\n`,
      `--- 0644 /etc/docker/certs.d/registry.internal:5000/ca.crt\n${ca.trim()}\n`,
      "--- 0644 /etc/swarm-lab/zone\nb\n",
    ].join("");
    const file = "/etc/swarm-lab/files";
    expect(container.inputs.uploads).toEqual([{ file, content, permissions: "0600" }]);
    expect(clearText(container.wire.uploads)).toBe("");
  });

  test("keeps its data when its zone or the user's labels change", () => {
    // A volume with other labels is another volume to the provider, and the node's swarm would be lost with the old one.
    expect(volume.options.ignoreChanges).toEqual(["labels"]);
  });
});

test("a worker is not among the managers' names", async () => {
  const node = { ...ARGS.LocalMachine().node, role: "worker" as const };
  const { container } = await build({ node });
  expect(container.inputs.networksAdvanced).toMatchObject([{ aliases: ["m2", "nodes"] }]);
});

test("a machine without limits has none", async () => {
  const { container } = await build({ memoryBytes: undefined, cpus: undefined });
  for (const limit of ["memory", "memorySwap", "cpus"]) {
    expect(container.inputs).not.toHaveProperty(limit);
  }
});
