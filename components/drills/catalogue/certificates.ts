import type { NodeHandle } from "../../nodes/types.ts";
import type { Stage } from "../stage.ts";
import { updateSwarm } from "./swarm-update.ts";

/** A node's certificate as its disk has it. Times are milliseconds since 1970. */
export interface NodeCertificate {
  readonly node: string;
  readonly serial: string;
  readonly from: number;
  readonly to: number;
  /** Whether it comes from the root CA that the node trusts. */
  readonly verified: boolean;
}

const FOLDER = "/var/lib/docker/swarm/certificates";
export const NODE_CERTIFICATE = `${FOLDER}/swarm-node.crt`;

const READ = `cd ${FOLDER}
openssl x509 -in swarm-node.crt -noout -serial -startdate -enddate -dateopt iso_8601
openssl verify -no_check_time -CAfile swarm-root-ca.crt swarm-node.crt >/dev/null 2>&1 && echo verified=yes || echo verified=no`;

export async function certificateOf(stage: Stage, node: NodeHandle): Promise<NodeCertificate> {
  const lines = (await stage.on(node, READ)).split("\n").map((line) => line.split("="));
  const told = Object.fromEntries(lines.map(([key = "", value = ""]) => [key, value]));
  const time = (value = "") => Date.parse(value.replace(" ", "T"));
  return {
    ...{ node: node.name, serial: told.serial ?? "", verified: told.verified === "yes" },
    ...{ from: time(told.notBefore), to: time(told.notAfter) },
  };
}

/** Whether the root CA is being rotated, and what each node's certificate has to do with it, by hostname. */
export interface Rotation {
  readonly inProgress: boolean;
  readonly tls: Readonly<Record<string, string>>;
}

const PROGRESS = "docker info --format '{{.Swarm.Cluster.RootRotationInProgress}}'";
const TLS = "docker node ls --format '{{.Hostname}} {{.TLSStatus}}'";

export async function rotation(stage: Stage): Promise<Rotation> {
  const said = await stage.on(await stage.leader(), `${PROGRESS}; ${TLS}`);
  const [inProgress, ...lines] = said.split("\n");
  const tls = lines.map((line) => [line.split(" ")[0] ?? "", line.replace(/^\S+ /, "")] as const);
  return { inProgress: inProgress === "true", tls: Object.fromEntries(tls) };
}

/** Waits until a rotation has ended, and every node has a certificate of the new root CA. */
export const rotated = (stage: Stage, seconds: number) =>
  stage.until<true>("the rotation has ended", seconds, async () => {
    const { inProgress, tls } = await rotation(stage);
    const late = Object.entries(tls).filter(([, status]) => status !== "Ready");
    return !inProgress && late.length === 0
      ? { done: true }
      : { waiting: late.map((one) => one.join(": ")).join(", ") || "it goes on" };
  });

/**
 * Rotates the root CA for the last time in a drill: the count of rotations that were asked for is as in a new swarm then.
 * `--force-new-cluster` sets it to 0, and where that is another number it begins a rotation that nobody asked for (as it
 * switches autolock off), so that no restore would bring back the root CA and the tokens of its backup.
 */
export async function rotateLast(stage: Stage): Promise<void> {
  const toNone = () =>
    updateSwarm(stage, ({ CAConfig: ca }) => {
      ca.ForceRotate = 0;
      ca.SigningCACert = "";
      ca.SigningCAKey = "";
    });
  const { CAConfig: was } = await toNone();
  // From none to none is no change, and so no rotation: one to a root CA that was given does not count.
  if ((was.ForceRotate ?? 0) === 0) {
    const rotate = "docker swarm ca --rotate --quiet >/dev/null";
    await stage.on(await stage.leader(), rotate, { seconds: 90 });
    await toNone();
  }
  await rotated(stage, 90);
}

/** A root CA that a drill has made, so that it can issue what takes the swarm weeks of waiting. Its key is on one node. */
export interface DrillAuthority {
  readonly node: NodeHandle;
  /** Folder in that node's memory, 0700. */
  readonly folder: string;
}

/** Makes a root CA on a manager and lets the swarm rotate to it; the end of the drill removes its files. */
export async function rotateToOwn(stage: Stage, node: NodeHandle): Promise<DrillAuthority> {
  const folder = `/dev/shm/drill-${stage.runId}`;
  stage.defer("the drill's CA key goes", () => stage.on(node, `rm -rf ${folder}`));
  await stage.on(
    node,
    `umask 077; mkdir -p ${folder}; cd ${folder}
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -sha256 -days 7300 -subj /CN=swarm-ca -out ca.crt
docker swarm ca --rotate --quiet --ca-cert ca.crt --ca-key ca.key >/dev/null`,
    { seconds: 90 },
  );
  return { node, folder };
}

/** As openssl takes a moment that is some hours from now. */
const moment = (hours: number) =>
  new Date(Date.now() + hours * 3_600_000)
    .toISOString()
    .replaceAll(/[-:T]/g, "")
    .replace(/\.\d+Z$/, "Z");

/**
 * Gives a machine whose engine is off the certificate it has, only of another time: from and to in hours from now. Subject,
 * key and issuer stay, so that the engine sees what it would see had the clock gone on.
 */
export async function agedCertificate(
  stage: Stage,
  { node, folder }: DrillAuthority,
  machine: NodeHandle,
  from: number,
  to: number,
): Promise<void> {
  const old = await stage.disk(machine, `cat ${NODE_CERTIFICATE}`, `cat ${NODE_CERTIFICATE}`);
  const aged = await stage.on(
    node,
    `cd ${folder}; cat > node.crt; openssl x509 -in node.crt -CA ca.crt -CAkey ca.key -sha256 \\
-set_serial 0x$(openssl rand -hex 16) -not_before ${moment(from)} -not_after ${moment(to)}`,
    { stdin: old },
  );
  await stage.disk(
    machine,
    `(its certificate is valid from ${from} h to ${to} h from now)`,
    `umask 022; cat > ${NODE_CERTIFICATE} <<'END'\n${aged}\nEND\nsync`,
  );
}
