import { REGISTRY_IMAGE } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

const STORE = "http://127.0.0.1:5001/v2/shop/web/manifests";
const ACCEPT = "-H 'Accept: application/vnd.docker.distribution.manifest.v2+json'";
const status = (tag: string) =>
  `curl -s -o /dev/null -w '%{http_code}\\n' ${ACCEPT} ${STORE}/${tag}`;

export const deleteFromARegistry: Exercise = {
  name: "delete-from-a-registry",
  topic: "registry: delete by digest",
  domain: "images",
  minutes: 4,
  difficulty: 3,
  images: ["registry"],
  task: "The registry at 127.0.0.1:5001 on {worker-1} has shop/web with the tags 1 and 2. Release 1 must not be pulled any more by anybody: remove it from the registry. Release 2 stays.",
  setUp: [
    {
      on: "worker-1",
      type: `docker run --detach --name store --env REGISTRY_STORAGE_DELETE_ENABLED=true --publish 127.0.0.1:5001:5000 ${REGISTRY_IMAGE} >/dev/null
curl -sSf --retry 30 --retry-all-errors --retry-delay 1 -o /dev/null http://127.0.0.1:5001/v2/
for tag in 1 2; do docker tag {image}:$tag 127.0.0.1:5001/shop/web:$tag; docker push --quiet 127.0.0.1:5001/shop/web:$tag; done >/dev/null`,
    },
  ],
  checks: [
    {
      says: "the registry does not know release 1 any more",
      on: "worker-1",
      ask: status("1"),
      expected: "404",
      holds: (text) => text === "404",
      why: "What is removed from an engine stays in the registry.",
    },
    {
      says: "release 2 can be pulled",
      on: "worker-1",
      ask: status("2"),
      expected: "200",
      holds: (text) => text === "200",
      why: "It was to stay.",
    },
  ],
  hints: [
    "The docker client has no command for it: the registry has an HTTP API.",
    "A manifest is deleted by its digest, not by its tag; the digest is in the header Docker-Content-Digest.",
    "curl -X DELETE http://127.0.0.1:5001/v2/shop/web/manifests/sha256:...",
  ],
  solution: [
    {
      on: "worker-1",
      type: `digest=$(curl -sSfI ${ACCEPT} ${STORE}/1 | tr -d '\\r' | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p'); curl -sSf -X DELETE ${STORE}/$digest`,
      says: "The manifest goes, and with it every tag that points to it. The layers stay on the disk until garbage is collected, with the registry read-only.",
    },
  ],
  wrong: [
    {
      says: "removed from the engine",
      commands: [{ on: "worker-1", type: "docker image rm 127.0.0.1:5001/shop/web:1" }],
      refusedBy: "the registry does not know release 1 any more",
    },
    {
      says: "the whole registry taken down",
      commands: [{ on: "worker-1", type: "docker rm --force store" }],
      refusedBy: "release 2 can be pulled",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: "docker image rm 127.0.0.1:5001/shop/web:1 127.0.0.1:5001/shop/web:2 >/dev/null 2>&1 || true",
    },
  ],
};
