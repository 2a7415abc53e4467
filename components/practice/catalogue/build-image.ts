import type { Exercise } from "../exercise.ts";

export const buildImage: Exercise = {
  name: "build-image",
  topic: "image build: layers, .dockerignore",
  domain: "images",
  minutes: 4,
  difficulty: 2,
  task: "On {worker-1} the folder /root/site holds an index.html and a file private.key. Build from it the image site:1, based on {image}:1, with the folder's content in /site and the environment variable VERSION set to 7. The key must not be in the image, and stays in the folder.",
  setUp: [
    {
      on: "worker-1",
      type: "mkdir -p /root/site && echo '<h1>site</h1>' >/root/site/index.html && echo secret >/root/site/private.key",
    },
  ],
  checks: [
    {
      says: "the image says VERSION=7",
      on: "worker-1",
      ask: "docker image inspect --format '{{join .Config.Env \" \"}}' site:1 | grep -o 'VERSION=[^ ]*' | tail -n 1",
      expected: "VERSION=7",
      holds: (text) => text === "VERSION=7",
      why: "ENV in the Dockerfile sets what every container of the image has.",
    },
    {
      says: "it holds the page and not the key",
      on: "worker-1",
      ask: "docker run --rm --entrypoint ls site:1 -A /site | grep -v -e '^Dockerfile' -e '^.dockerignore' | xargs",
      expected: "index.html",
      holds: (text) => text === "index.html",
      why: "Whatever COPY takes is in a layer for ever, even when a later line removes it.",
    },
    {
      says: "no layer holds the key",
      on: "worker-1",
      ask: "docker history --no-trunc --format '{{.CreatedBy}}' site:1 | grep -c private || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "Copied and removed again it is still in the layer below.",
    },
    {
      says: "it is built on the application",
      on: "worker-1",
      ask: `base=$(docker image inspect --format '{{index .RootFS.Layers 0}}' {image}:1)
docker image inspect --format '{{json .RootFS.Layers}}' site:1 | grep -c "$base"`,
      expected: "1",
      holds: (text) => text === "1",
      why: "FROM names the image whose layers come first.",
    },
    {
      says: "the key is still in the folder",
      on: "worker-1",
      ask: "cat /root/site/private.key",
      expected: "secret",
      holds: (text) => text === "secret",
      why: "The file was not to be removed: the build is to leave it out.",
    },
  ],
  hints: [
    "Four lines make the Dockerfile: FROM, ENV, COPY, and nothing else is needed.",
    "What is named in .dockerignore is not sent to the engine at all.",
    "docker build -t site:1 /root/site",
  ],
  solution: [
    {
      on: "worker-1",
      type: "printf 'FROM {image}:1\\nENV VERSION=7\\nCOPY . /site/\\n' >/root/site/Dockerfile",
      says: "Each line makes a layer, or a setting of the image.",
    },
    {
      on: "worker-1",
      type: "printf '*.key\\nDockerfile\\n.dockerignore\\n' >/root/site/.dockerignore",
      says: "What is ignored is no part of the build's context: no COPY can take it.",
    },
    {
      on: "worker-1",
      type: "docker build -q -t site:1 /root/site",
      says: "The tag is a name for this node's engine alone; other nodes get the image from a registry.",
    },
  ],
  wrong: [
    {
      says: "everything copied",
      commands: [
        {
          on: "worker-1",
          type: "printf 'FROM {image}:1\\nENV VERSION=7\\nCOPY . /site/\\n' >/root/site/Dockerfile; docker build -q -t site:1 /root/site",
        },
      ],
      refusedBy: "it holds the page and not the key",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: "rm -rf /root/site; ! docker image inspect site:1 >/dev/null 2>&1 || docker image rm --force site:1 >/dev/null",
    },
  ],
};
