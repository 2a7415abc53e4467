import { REGISTRY_IMAGE } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

const digestOf = (tag: string) =>
  `curl -sSfI -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' http://127.0.0.1:5001/v2/shop/web/manifests/${tag} | tr -d '\\r' | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p'`;

export const pushToARegistry: Exercise = {
  name: "push-to-a-registry",
  topic: "registry: tag, push, digest",
  domain: "images",
  minutes: 3,
  difficulty: 1,
  images: ["registry"],
  task: "On {worker-1} a registry of your own answers at 127.0.0.1:5001. Put {image}:1 into it as shop/web, under the tags 1 and stable. Write the digest that the registry knows it by, sha256: and all, into the file /root/answer on {worker-1}.",
  setUp: [
    {
      on: "worker-1",
      type: `docker run --detach --name store --publish 127.0.0.1:5001:5000 ${REGISTRY_IMAGE} >/dev/null
curl -sSf --retry 30 --retry-all-errors --retry-delay 1 -o /dev/null http://127.0.0.1:5001/v2/`,
    },
  ],
  checks: [
    {
      says: "the registry has both tags of shop/web",
      on: "worker-1",
      ask: "curl -sSf http://127.0.0.1:5001/v2/shop/web/tags/list | grep -o '\"[a-z0-9]*\"' | sort | xargs",
      expected: "1 name stable tags",
      holds: (text) => text === "1 name stable tags",
      why: "A tag is pushed by its name; another name of the same image is not pushed along.",
    },
    {
      says: "both are one image",
      on: "worker-1",
      ask: `${digestOf("1")}; ${digestOf("stable")}`,
      expected: "the same digest twice",
      holds: (text) => {
        const [one, other] = text.split("\n");
        return one?.startsWith("sha256:") === true && one === other;
      },
      why: "A tag points to a manifest, and a digest names it: two tags of one image have one digest.",
    },
    {
      says: "the answer is its digest",
      on: "worker-1",
      ask: `cat /root/answer; ${digestOf("1")}`,
      expected: "the same twice",
      holds: (text) => {
        const [answer, digest] = text.split("\n");
        return answer === digest && digest !== undefined;
      },
      why: "The id of an image on an engine is of its configuration; the digest is of its manifest in the registry.",
    },
  ],
  hints: [
    "Where an image is pushed to is the first part of its name.",
    "docker tag, docker push; the push prints the digest.",
    "docker image inspect --format '{{.RepoDigests}}' ...",
  ],
  solution: [
    {
      on: "worker-1",
      type: "for tag in 1 stable; do docker tag {image}:1 127.0.0.1:5001/shop/web:$tag && docker push --quiet 127.0.0.1:5001/shop/web:$tag; done",
      says: "The second push finds all layers there. Over plain HTTP an engine talks to loopback only, unless it is told otherwise.",
    },
    {
      on: "worker-1",
      type: "docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' 127.0.0.1:5001/shop/web:1 | sed -n 's/^127.0.0.1:5001.*@//p' >/root/answer",
      says: "Known to the engine since the push.",
    },
  ],
  wrong: [
    {
      says: "the id of the image",
      commands: [
        {
          on: "worker-1",
          type: `for tag in 1 stable; do docker tag {image}:1 127.0.0.1:5001/shop/web:$tag && docker push --quiet 127.0.0.1:5001/shop/web:$tag; done
docker image inspect --format '{{.Id}}' {image}:1 >/root/answer`,
        },
      ],
      refusedBy: "the answer is its digest",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: "rm -f /root/answer; docker image rm 127.0.0.1:5001/shop/web:1 127.0.0.1:5001/shop/web:stable >/dev/null 2>&1 || true",
    },
  ],
};
