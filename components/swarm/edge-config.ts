/** One port that the edge passes on: from every node's own port to the tasks of a service. */
export interface EdgeRoute {
  readonly service: string;
  readonly published: number;
  readonly target: number;
}

/** Places for the tasks of one service; free ones cost nothing. */
const PLACES = 100;

const HEAD = `global
  maxconn 2000
  hard-stop-after 1s

defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  retries 3
  option redispatch
  default-server resolvers swarm init-addr none inter 500ms fastinter 200ms downinter 200ms rise 1 fall 1

resolvers swarm
  nameserver engine 127.0.0.11:53
  accepted_payload_size 8192
  resolve_retries 2
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold nx 200ms
  hold obsolete 500ms
`;

/**
 * The edge's haproxy.cfg: what the ingress mesh does with IPVS, done with DNS. `tasks.<service>` names the address of
 * every task wherever it runs; a connection goes to one that answers, and is tried again elsewhere when it does not.
 */
export function edgeConfig(routes: readonly EdgeRoute[]): string {
  const sections = routes.map(
    ({ service, published, target }) => `
listen ${service}-${published}
  bind :${published}
  balance roundrobin
  server-template task 1-${PLACES} tasks.${service}:${target} check
`,
  );
  return [HEAD, ...sections].join("");
}
