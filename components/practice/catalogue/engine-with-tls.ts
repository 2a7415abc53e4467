import type { Exercise } from "../exercise.ts";
import { containers } from "../needs.ts";

const FOLDER = "/root/tls";
const CURVE = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

export const engineWithTls: Exercise = {
  name: "engine-with-tls",
  topic: "engine TLS and client certificates, contexts",
  domain: "security",
  minutes: 8,
  difficulty: 3,
  needs: containers,
  task: `On {worker-1} a second engine answers at tcp://127.0.0.1:2390, to clients only that show a certificate of the CA in ${FOLDER} (ca.pem, ca-key.pem). Make a certificate for a client there, cert.pem with its key in key.pem, the key for root alone; then a context named second, so that \`docker --context second info\` is answered by that engine, whose name the client checks.`,
  setUp: [
    {
      on: "worker-1",
      // A bridge of its own: an engine that is told to have none removes docker0, which is the first one's.
      type: `mkdir -p ${FOLDER} && cd ${FOLDER} && umask 077
openssl req -x509 ${CURVE} -days 2 -subj '/CN=second CA' -keyout ca-key.pem -out ca.pem 2>/dev/null
openssl req ${CURVE} -subj /CN=second -keyout server-key.pem -out request.pem 2>/dev/null
printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth\\n' >names
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out server-cert.pem 2>/dev/null
rm request.pem names; echo '{}' >settings.json
ip link add second0 type bridge; ip address add 172.31.251.1/24 dev second0; ip link set second0 up
setsid dockerd --host tcp://127.0.0.1:2390 --tlsverify --tlscacert ca.pem --tlscert server-cert.pem --tlskey server-key.pem \\
--data-root ${FOLDER}/data --exec-root /run/second --pidfile /run/second.pid --storage-driver vfs --bridge second0 --iptables=false --ip6tables=false \\
--containerd /run/containerd/containerd.sock --containerd-namespace second --config-file settings.json >${FOLDER}/log 2>&1 </dev/null &
for i in $(seq 60); do code=0; curl -s --cacert ca.pem https://127.0.0.1:2390/ >/dev/null || code=$?; case $code in 35 | 56) exit 0 ;; esac; sleep 0.5; done; tail -n 3 ${FOLDER}/log >&2; exit 1`,
    },
  ],
  checks: [
    {
      says: "the context leads to the second engine",
      on: "worker-1",
      ask: "docker --context second info --format '{{.DockerRootDir}}'",
      expected: `${FOLDER}/data`,
      holds: (text) => text === `${FOLDER}/data`,
      why: "Without a certificate that it takes, the engine answers nobody.",
    },
    {
      says: "the certificate is a client's, of that CA",
      on: "worker-1",
      ask: `openssl verify -CAfile ${FOLDER}/ca.pem -purpose sslclient ${FOLDER}/cert.pem; openssl x509 -noout -ext extendedKeyUsage -in ${FOLDER}/cert.pem | grep -c 'TLS Web Server' || true`,
      expected: "verified for a client, and not for a server",
      holds: (text) => text === `${FOLDER}/cert.pem: OK\n0`,
      why: "A certificate that is good for servers as well lets its holder pretend to be the engine.",
    },
    {
      says: "its key is for root alone",
      on: "worker-1",
      ask: `stat -c '%a %U' ${FOLDER}/key.pem`,
      expected: "600 root, or less",
      holds: (text) => /^[46]00 root$/.test(text),
      why: "Who has the key is root on that engine's machine.",
    },
    {
      says: "the client checks who answers",
      on: "worker-1",
      ask: "docker context inspect --format '{{.Endpoints.docker.SkipTLSVerify}} {{len .TLSMaterial.docker}}' second",
      expected: "false 3",
      holds: (text) => text === "false 3",
      why: "A context has three files: the CA to know the engine by, and the client's own certificate and key.",
    },
  ],
  hints: [
    "A key, a request for a certificate, and the CA's signature below it: `openssl req`, `openssl x509 -req -CA ... -CAkey ...`.",
    "What a certificate is good for is an extension: extendedKeyUsage=clientAuth, given with -extfile.",
    "docker context create second --docker host=tcp://127.0.0.1:2390,ca=...,cert=...,key=...",
  ],
  solution: [
    {
      on: "worker-1",
      type: `cd ${FOLDER} && umask 077 && openssl req ${CURVE} -subj /CN=learner -keyout key.pem -out request.pem 2>/dev/null`,
      says: "The key stays here; what is signed is the request.",
    },
    {
      on: "worker-1",
      type: `cd ${FOLDER} && echo extendedKeyUsage=clientAuth >usage && openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile usage -out cert.pem 2>/dev/null`,
      says: "Signed for a client, and for nothing else.",
    },
    {
      on: "worker-1",
      type: `docker context create second --docker host=tcp://127.0.0.1:2390,ca=${FOLDER}/ca.pem,cert=${FOLDER}/cert.pem,key=${FOLDER}/key.pem`,
      says: "The context keeps copies of the three; `docker --context second`, or `docker context use second`, takes it from there.",
    },
  ],
  wrong: [
    {
      says: "the engine's own certificate",
      commands: [
        {
          on: "worker-1",
          type: `cd ${FOLDER} && cp server-cert.pem cert.pem && cp server-key.pem key.pem && docker context create second --docker host=tcp://127.0.0.1:2390,ca=${FOLDER}/ca.pem,cert=${FOLDER}/cert.pem,key=${FOLDER}/key.pem`,
        },
      ],
      refusedBy: "the context leads to the second engine",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: `docker context rm --force second >/dev/null 2>&1
if [ -e /run/second.pid ]; then kill $(cat /run/second.pid); while [ -e /run/second.pid ]; do sleep 0.2; done; fi
rm -rf ${FOLDER} /run/second; ip link delete second0 2>/dev/null || true`,
    },
  ],
};
