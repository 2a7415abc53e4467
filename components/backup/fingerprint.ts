import { createHash, X509Certificate } from "node:crypto";
import { z } from "zod";

const Labels = z.record(z.string(), z.string());
const Thing = z.object({ id: z.string(), name: z.string(), index: z.number(), hash: z.string() });

/**
 * What a swarm is made of, as a manager with a quorum tells it: enough to say after a restore that nothing is missing,
 * nothing is extra and nothing was changed. Values that are secret are there as SHA-256 only. `index` is the Raft index of
 * an object's last write: an object that nobody touched keeps it through a restore.
 */
export const SwarmFingerprint = z.object({
  clusterId: z.string(),
  /** The highest index of any object. The first write after a restore must be higher. */
  raftIndex: z.number(),
  caFingerprint: z.string(),
  tokens: z.object({ manager: z.string(), worker: z.string() }),
  settings: z.object({
    autolock: z.boolean(),
    certExpiry: z.number(),
    heartbeat: z.number(),
    taskHistory: z.number(),
    snapshotInterval: z.number(),
    /** How often a rotation of the CA was asked for. A forced cluster that is told another number begins one. */
    forceRotate: z.number().default(0),
  }),
  nodes: z.array(
    z.object({
      id: z.string(),
      hostname: z.string(),
      role: z.string(),
      availability: z.string(),
      labels: Labels,
    }),
  ),
  services: z.array(Thing),
  secrets: z.array(Thing),
  configs: z.array(Thing),
  networks: z.array(Thing),
});
export type SwarmFingerprint = z.infer<typeof SwarmFingerprint>;
export type FingerprintThing = z.infer<typeof Thing>;

/** SHA-256 of a text, in hexadecimal digits. */
export const sha256 = (text: string | Buffer): string =>
  createHash("sha256").update(text).digest("hex");

/** The SHA-256 fingerprint of the first certificate of a PEM text, as `openssl x509 -fingerprint -sha256` has it. */
export const certificateFingerprint = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();

/** JSON with its keys in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const GET = "curl -sSf --max-time 30 --unix-socket /var/run/docker.sock -G http://engine";

/** Shell for a manager that prints what `parseFingerprint` reads: one line of JSON for each kind of object. */
export const READ_FINGERPRINT = `
for what in swarm nodes services secrets configs; do ${GET}/$what | tr -d '\\n'; echo; done
${GET}/networks --data-urlencode 'filters={"scope":{"swarm":true}}'`;

interface ObjectJson {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Name: string; readonly Labels?: Record<string, string> };
}

interface SwarmJson extends Pick<ObjectJson, "ID" | "Version"> {
  readonly JoinTokens: { readonly Worker: string; readonly Manager: string };
  readonly TLSInfo: { readonly TrustRoot: string };
  readonly Spec: {
    readonly Orchestration: { readonly TaskHistoryRetentionLimit: number };
    readonly Raft: { readonly SnapshotInterval: number };
    readonly Dispatcher: { readonly HeartbeatPeriod: number };
    readonly CAConfig: { readonly NodeCertExpiry: number; readonly ForceRotate?: number };
    readonly EncryptionConfig: { readonly AutoLockManagers: boolean };
  };
}

interface NodeJson extends ObjectJson {
  readonly Description: { readonly Hostname: string };
  readonly Spec: ObjectJson["Spec"] & { readonly Role: string; readonly Availability: string };
}

interface NetworkJson extends Record<string, unknown> {
  readonly Id: string;
  readonly Name: string;
}

/** What a network is; the rest of what the engine tells of it is who uses it at the moment. */
const NETWORK_KEYS = ["Driver", "IPAM", "Options", "Labels", "Attachable", "Ingress", "EnableIPv6"];

const byName = <T extends { readonly name: string; readonly id: string }>(things: T[]): T[] =>
  things.sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));

const thing = ({ ID: id, Version, Spec }: ObjectJson): FingerprintThing => ({
  ...{ id, name: Spec.Name, index: Version.Index },
  hash: sha256(canonical(Spec)),
});

/** Parses what `READ_FINGERPRINT` prints. Objects for which `ignore` says so by their labels do not count. */
export function parseFingerprint(
  text: string,
  ignore: (labels: Readonly<Record<string, string>>) => boolean = () => false,
): SwarmFingerprint {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length !== 6) throw new Error(`a fingerprint has 6 lines, not ${lines.length}`);
  const [swarmText = "", ...lists] = lines;
  const swarm = JSON.parse(swarmText) as SwarmJson;
  const list = <T>(at: number, what: string): T[] => {
    const value: unknown = JSON.parse(lists[at] ?? "");
    if (Array.isArray(value)) return value as T[];
    const said = (value as { message?: string } | null)?.message ?? lists[at];
    throw new Error(`${what}: got ${said}, need a list`);
  };
  const nodes = list<NodeJson>(0, "nodes");
  const [services, secrets, configs] = [
    list<ObjectJson>(1, "services"),
    list<ObjectJson>(2, "secrets"),
    list<ObjectJson>(3, "configs"),
  ];
  const networks = list<NetworkJson>(4, "networks");
  const counted = (things: readonly ObjectJson[]) =>
    things.filter(({ Spec }) => !ignore(Spec.Labels ?? {})).map(thing);
  const all = [swarm, ...nodes, ...services, ...secrets, ...configs];
  const { Spec: spec, JoinTokens: tokens } = swarm;
  return {
    clusterId: swarm.ID,
    raftIndex: Math.max(...all.map(({ Version }) => Version.Index)),
    caFingerprint: certificateFingerprint(swarm.TLSInfo.TrustRoot),
    tokens: { manager: sha256(tokens.Manager), worker: sha256(tokens.Worker) },
    settings: {
      autolock: spec.EncryptionConfig.AutoLockManagers,
      certExpiry: spec.CAConfig.NodeCertExpiry,
      heartbeat: spec.Dispatcher.HeartbeatPeriod,
      taskHistory: spec.Orchestration.TaskHistoryRetentionLimit,
      snapshotInterval: spec.Raft.SnapshotInterval,
      forceRotate: spec.CAConfig.ForceRotate ?? 0,
    },
    nodes: nodes
      .map(({ ID: id, Description, Spec }) => ({
        ...{ id, hostname: Description.Hostname, role: Spec.Role },
        ...{ availability: Spec.Availability, labels: Spec.Labels ?? {} },
      }))
      .sort((a, b) => a.hostname.localeCompare(b.hostname) || a.id.localeCompare(b.id)),
    services: byName(counted(services)),
    secrets: byName(counted(secrets)),
    configs: byName(counted(configs)),
    networks: byName(
      networks.map((network) => ({
        ...{ id: network.Id, name: network.Name, index: 0 },
        hash: sha256(canonical(NETWORK_KEYS.map((key) => network[key] ?? null))),
      })),
    ),
  };
}
