import type { Exercise } from "../exercise.ts";

export const multiStageBuild: Exercise = {
  name: "multi-stage-build",
  topic: "image build: multi-stage",
  domain: "images",
  minutes: 5,
  difficulty: 3,
  task: "On {worker-1}, build the image page:1 from two stages: the first, from {image}:1, makes the file /tmp/page with the word built in it; the second, from scratch, holds that one file as /page and nothing else. The container's command is to be /page.",
  checks: [
    {
      says: "the image is one layer of a few bytes",
      on: "worker-1",
      ask: "docker image inspect --format '{{len .RootFS.Layers}} {{.Size}}' page:1",
      expected: "1 layer, under 1000 bytes",
      holds: (text) => /^1 \d{1,3}$/.test(text),
      why: "With another base than scratch, all of that base's layers are in the image.",
    },
    {
      says: "/page says built",
      on: "worker-1",
      ask: 'id=$(docker create page:1); docker cp "$id:/page" - | tar -xO; docker rm "$id" >/dev/null',
      expected: "built",
      holds: (text) => text === "built",
      why: "COPY --from takes a file out of an earlier stage.",
    },
    {
      says: "its command is /page",
      on: "worker-1",
      ask: "docker image inspect --format '{{json .Config.Cmd}}' page:1",
      expected: '["/page"]',
      holds: (text) => text === '["/page"]',
      why: "In scratch there is no shell: the command has to be a list.",
    },
  ],
  hints: [
    "A Dockerfile may have more than one FROM.",
    "FROM ... AS first, and later COPY --from=first ...",
    'CMD ["/page"]',
  ],
  solution: [
    {
      on: "worker-1",
      type: "mkdir -p /root/page && printf 'FROM {image}:1 AS first\\nRUN echo built >/tmp/page\\nFROM scratch\\nCOPY --from=first /tmp/page /page\\nCMD [\"/page\"]\\n' >/root/page/Dockerfile",
      says: "What the first stage needs to build stays behind.",
    },
    {
      on: "worker-1",
      type: "docker build -q -t page:1 /root/page",
      says: "Only the last stage becomes the image.",
    },
  ],
  wrong: [
    {
      says: "one stage, with all that it was made from",
      commands: [
        {
          on: "worker-1",
          type: "mkdir -p /root/page && printf 'FROM {image}:1\\nUSER 0\\nRUN echo built >/page\\nCMD [\"/page\"]\\n' >/root/page/Dockerfile; docker build -q -t page:1 /root/page",
        },
      ],
      refusedBy: "the image is one layer of a few bytes",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: "rm -rf /root/page; ! docker image inspect page:1 >/dev/null 2>&1 || docker image rm --force page:1 >/dev/null",
    },
  ],
};
