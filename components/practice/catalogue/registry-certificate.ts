import { REGISTRY_IMAGE, resetEngine, setEngine } from "../asks.ts";
import type { Exercise } from "../exercise.ts";
import { containers } from "../needs.ts";

const AT = "{worker-1}:5443";
const INSECURE = `docker info --format '{{json .RegistryConfig.IndexConfigs}}' | grep -q '"${AT}"'`;

export const registryCertificate: Exercise = {
  name: "registry-certificate",
  topic: "registry: TLS trust",
  domain: "security",
  minutes: 4,
  difficulty: 2,
  images: ["registry"],
  needs: containers,
  task: `On {worker-1} a registry answers at ${AT} over TLS. Its certificate is of a CA of its own, whose certificate is /root/store/ca.pem. Have the engine of {worker-1} trust it for this registry alone, with its certificate checked, and put {image}:1 into it as safe:1.`,
  setUp: [
    {
      on: "worker-1",
      type: `mkdir -p /root/store && cd /root/store
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=store CA' -keyout ca-key.pem -out ca.pem 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=store -keyout key.pem -out request.pem 2>/dev/null
echo 'subjectAltName=DNS:{worker-1}' >names
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out cert.pem 2>/dev/null
chmod 644 key.pem
docker run --detach --name store --publish 5443:5000 --volume /root/store:/store:ro --env REGISTRY_HTTP_TLS_CERTIFICATE=/store/cert.pem --env REGISTRY_HTTP_TLS_KEY=/store/key.pem ${REGISTRY_IMAGE} >/dev/null
curl -sSf --cacert ca.pem --retry 30 --retry-all-errors --retry-delay 1 -o /dev/null https://${AT}/v2/`,
    },
  ],
  checks: [
    {
      says: "the registry has safe:1",
      on: "worker-1",
      ask: `curl -sSf --cacert /root/store/ca.pem https://${AT}/v2/safe/tags/list | grep -c '"1"'`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker push` says what the engine thinks of the certificate.",
    },
    {
      says: "the engine has this CA for this registry",
      on: "worker-1",
      ask: `cat /etc/docker/certs.d/${AT}/*.crt | openssl x509 -noout -fingerprint; openssl x509 -noout -fingerprint -in /root/store/ca.pem`,
      expected: "the same fingerprint twice",
      holds: (text) => {
        const [given, wanted] = text.split("\n");
        return given === wanted && wanted !== undefined;
      },
      why: `An engine looks for the CA of a registry in /etc/docker/certs.d/${AT}.`,
    },
  ],
  hints: [
    "`docker push` says: certificate signed by unknown authority.",
    "Each registry has a folder of its name, with its port, below /etc/docker/certs.d.",
    `cp /root/store/ca.pem /etc/docker/certs.d/${AT}/ca.crt`,
  ],
  solution: [
    {
      on: "worker-1",
      type: `mkdir -p /etc/docker/certs.d/${AT} && cp /root/store/ca.pem /etc/docker/certs.d/${AT}/ca.crt`,
      says: "Read at each request: nothing has to be restarted, and no other registry gains by it.",
    },
    {
      on: "worker-1",
      type: `docker tag {image}:1 ${AT}/safe:1 && docker push --quiet ${AT}/safe:1`,
      says: "Every node that is to pull it wants the same file.",
    },
  ],
  wrong: [
    {
      says: "pushed without asking who answers",
      commands: [
        {
          on: "worker-1",
          type: `${setEngine(`{"insecure-registries": ["${AT}"]}`)}
until ${INSECURE}; do sleep 0.2; done
docker tag {image}:1 ${AT}/safe:1 && docker push --quiet ${AT}/safe:1`,
        },
      ],
      refusedBy: "the engine has this CA for this registry",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: `${resetEngine('{"insecure-registries": []}', `! ${INSECURE}`)}
rm -rf /root/store /etc/docker/certs.d/${AT}; docker image rm ${AT}/safe:1 >/dev/null 2>&1 || true`,
    },
  ],
};
