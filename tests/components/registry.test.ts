import { beforeAll, describe, expect, test } from "vitest";
import { ImageLoad } from "../../components/swarm/image-load.ts";
import { LabRegistry, RegistryImage } from "../../components/swarm/registry.ts";
import { storageOf } from "../../stacks/registry.ts";
import { ARGS } from "../support/component-args.ts";
import { devConfig } from "../support/fixtures.ts";
import { CREDENTIALS, GENERATED } from "../support/mock-outputs.ts";
import { promiseOf, record } from "../support/mocks.ts";
import { clearText } from "../support/properties.ts";
import { environmentOf, type Recording } from "../support/recording.ts";

const { registry, registryLogin } = CREDENTIALS;

describe("the registry", () => {
  let recording: Recording;
  beforeAll(async () => {
    ({ recording } = await record(() => new LabRegistry("r", ARGS.LabRegistry())));
  });

  test("is a service and its three secrets", () => {
    const contents = recording
      .ofType("docker:index/secret:Secret")
      .map(({ name, inputs }) => [name, Buffer.from(String(inputs.data), "base64").toString()]);
    expect(Object.fromEntries(contents)).toEqual({
      "r-cert-secret": registry.cert,
      "r-key-secret": registry.key,
      "r-htpasswd-secret": registryLogin.htpasswd,
    });
    expect(recording.custom).toHaveLength(4);
    for (const each of recording.all) {
      const clear = clearText(each.wire);
      for (const secret of [registry.key, registryLogin.password, registryLogin.htpasswd]) {
        expect(clear, each.name).not.toContain(secret);
        expect(clear, each.name).not.toContain(Buffer.from(secret).toString("base64"));
      }
    }
  });

  test("asks for its login over TLS on one port, published in host mode on its one node", () => {
    const { inputs } = recording.one("r-service");
    expect(inputs).toMatchObject({
      name: "registry",
      mode: { replicated: { replicas: 1 } },
      endpointSpec: {
        ports: [{ targetPort: 5000, publishedPort: 5000, publishMode: "host", protocol: "tcp" }],
      },
      taskSpec: {
        placement: { constraints: ["node.labels.swarm-lab.registry==true"] },
        containerSpec: {
          env: {
            REGISTRY_HTTP_ADDR: ":5000",
            REGISTRY_HTTP_TLS_CERTIFICATE: "/run/secrets/registry.crt",
            REGISTRY_HTTP_TLS_KEY: "/run/secrets/registry.key",
            REGISTRY_AUTH: "htpasswd",
            REGISTRY_AUTH_HTPASSWD_PATH: "/run/secrets/htpasswd",
          },
          mounts: [
            { type: "volume", source: "registry", target: "/var/lib/registry", readOnly: false },
          ],
        },
      },
    });
  });

  test("lets only its own user read its secrets", () => {
    const { taskSpec } = recording.one("r-service").inputs as {
      taskSpec: { containerSpec: { secrets: readonly unknown[] } };
    };
    const owned = { fileMode: 0o400, fileUid: "65532", fileGid: "65532" };
    expect(taskSpec.containerSpec.secrets).toMatchObject([
      { fileName: "registry.crt", secretName: "r-cert-secret-0a1b2c3", ...owned },
      { fileName: "registry.key", secretName: "r-key-secret-0a1b2c3", ...owned },
      { fileName: "htpasswd", secretName: "r-htpasswd-secret-0a1b2c3", ...owned },
    ]);
  });
});

describe("the registry on S3", () => {
  const storage = {
    ...{ kind: "s3" as const, region: "eu-central-1", replicas: 2 },
    bucket: "lab-dev-registry-0a1b2c3d4e",
  };
  let recording: Recording;
  beforeAll(async () => {
    const args = { ...ARGS.LabRegistry(), storage };
    ({ recording } = await record(() => new LabRegistry("r", args)));
  });

  test("has as many tasks as are asked for, each on a node of its own and on that node's network", () => {
    const { inputs, options } = recording.one("r-service");
    expect(inputs).toMatchObject({
      mode: { replicated: { replicas: 2 } },
      endpointSpec: { ports: [] },
      taskSpec: {
        networksAdvanceds: [{ id: "host" }],
        placement: {
          constraints: ["node.labels.swarm-lab.registry==true"],
          ...{ maxReplicas: 1, prefs: ["spread=node.labels.zone"] },
        },
        containerSpec: {
          args: ["serve", "/run/secrets/registry.yml"],
          mounts: [
            {
              ...{ type: "bind", source: "/etc/ssl/certs/ca-certificates.crt", readOnly: true },
              target: "/etc/ssl/certs/ca-certificates.crt",
            },
          ],
        },
      },
    });
    // The engine puts an id in the place of the network's name.
    expect(options.ignoreChanges).toContain("taskSpec.networksAdvanceds");
  });

  test("is told where its images are, and what its replicas share, by a secret and not by its environment", () => {
    const { data } = recording.one("r-config-secret").inputs;
    const text = Buffer.from(String(data), "base64").toString();
    expect(JSON.parse(text)).toMatchObject({
      storage: { s3: { bucket: storage.bucket, region: "eu-central-1" } },
      http: { secret: GENERATED },
    });
    const { taskSpec } = recording.one("r-service").inputs as {
      taskSpec: { containerSpec: { env: object; secrets: readonly object[] } };
    };
    expect(taskSpec.containerSpec.env).toEqual({});
    expect(taskSpec.containerSpec.secrets.at(-1)).toMatchObject({
      ...{ fileName: "registry.yml", fileMode: 0o400, fileUid: "65532" },
    });
    for (const each of recording.all) {
      const clear = clearText(each.wire);
      expect(clear, each.name).not.toContain(GENERATED);
      expect(clear, each.name).not.toContain(text);
      expect(clear, each.name).not.toContain(String(data));
    }
  });
});

test("the registry is where the configuration wants its images, and nowhere else without a word", () => {
  const aws = { region: "eu-central-1" };
  const onS3 = devConfig({ provider: "aws", aws, registry: { storage: "s3" } });
  const s3 = { kind: "s3" as const, region: "eu-central-1", bucket: "images", replicas: 1 };
  expect(storageOf(devConfig())).toEqual({ kind: "volume", volume: "registry" });
  expect(storageOf(onS3, s3)).toEqual(s3);
  expect(() => storageOf(onS3)).toThrow("storage is s3, and none was made for it");
  expect(() => storageOf(devConfig(), s3)).toThrow("storage is volume");
});

test("an image is pushed by its name and tag, and known by its digest", async () => {
  const { made, recording } = await record(() => new RegistryImage("i", ARGS.RegistryImage()));
  const push = recording.one("i-push");
  expect(push.inputs.create).toBe("node scripts/swarm/push-image.ts");
  const { LAB_PUSH, LAB_REGISTRY_PASSWORD, LAB_MACHINE } = environmentOf(push);
  expect(LAB_MACHINE, "pushed again when the data went with its machine").toBe("machine-w1-id");
  expect(LAB_PUSH).toMatchObject({
    engine: "unix:///var/run/docker.sock",
    image: "swarm-lab/app:1",
    target: "registry.internal:5000/app:1",
    registry: "registry.internal:5000",
    username: "lab",
  });
  expect(LAB_REGISTRY_PASSWORD).toBe(registryLogin.password);
  expect(clearText(push.wire)).not.toContain(registryLogin.password);
  expect(await promiseOf(made.reference)).toBe("registry.internal:5000/app@sha256:digest");
});

test("images are brought to a node again when its machine is another one", async () => {
  const { made, recording } = await record(() => new ImageLoad("l", ARGS.ImageLoad()));
  const load = recording.one("l-load");
  expect(load.inputs.create).toBe("node scripts/swarm/load-images.ts");
  expect(load.inputs).not.toHaveProperty("delete");
  expect(environmentOf(load)).toMatchObject({
    LAB_LOAD: { engine: "unix:///var/run/docker.sock", images: ["swarm-lab/registry:1"] },
    LAB_MACHINE: "machine-m1-id",
  });
  expect(recording.dependencies(load)).toEqual(["machine-m1"]);
  expect(await promiseOf(made.ids)).toEqual({
    "swarm-lab/registry:1": "sha256:id-of-swarm-lab/registry:1",
  });
});
