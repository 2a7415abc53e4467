/** One TCP service the gateway offers on the machine's loopback address. */
export interface Entrance {
  /** Port inside the gateway, which the engine publishes on loopback. */
  readonly listen: number;
  /** Port on the nodes. */
  readonly target: number;
}

export interface GatewayPlan {
  readonly api: Entrance;
  /** The registry and the services' published ports: any node that accepts a connection will do. */
  readonly tcp: Readonly<Record<string, Entrance>>;
}

/** DNS names, on the lab's network, of every node at once and of every node planned as a manager. */
export const NODES_ALIAS = "nodes";
export const MANAGERS_ALIAS = "managers";
/** How many nodes HAProxy keeps places for. Free places cost nothing. */
export const MANAGERS = 7;
const PLACES = MANAGERS + 50;
export const TLS_FOLDER = "/etc/haproxy/tls";

const HEAD = `global
  maxconn 4000
  hard-stop-after 1s

defaults
  mode tcp
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout check 3s
  retries 3
  option redispatch
  default-server resolvers docker init-addr none inter 500ms fastinter 200ms downinter 300ms rise 1 fall 2 on-marked-down shutdown-sessions

# The nodes are found by name, so that the lab grows and shrinks without a new gateway.
resolvers docker
  nameserver engine 127.0.0.11:53
  accepted_payload_size 8192
  resolve_retries 2
  timeout resolve 300ms
  timeout retry 300ms
  hold valid 300ms
  hold nx 300ms
  hold obsolete 1s
`;

/**
 * The engine API goes to a manager whose swarm has a leader: only such an engine answers `GET /swarm` with 200. One
 * without quorum, or not joined yet, says 503, while its port is open as ever. Each question is a TLS handshake, so it is
 * asked every 2 s where the answer was good, and as often as any other where it was not.
 */
function api({ listen, target }: Entrance): string {
  const tls = `check-ssl verify required ca-file ${TLS_FOLDER}/ca.pem crt ${TLS_FOLDER}/client.pem verifyhost engine`;
  return `
listen api
  bind :${listen}
  option httpchk GET /swarm
  http-check expect status 200
  server-template node 1-${MANAGERS} ${MANAGERS_ALIAS}:${target} check inter 2s ${tls}
`;
}

function plain(name: string, { listen, target }: Entrance): string {
  return `
listen ${name}
  bind :${listen}
  server-template node 1-${PLACES} ${NODES_ALIAS}:${target} check
`;
}

/** The gateway's haproxy.cfg. Does not depend on how many nodes there are. */
export function gatewayConfig(plan: GatewayPlan): string {
  const rest = Object.keys(plan.tcp).sort();
  const sections = rest.map((name) => plain(name, plan.tcp[name] as Entrance));
  return [HEAD, api(plan.api), ...sections].join("");
}
