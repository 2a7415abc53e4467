import type { Exercise } from "../exercise.ts";

export const saveAndLoad: Exercise = {
  name: "save-and-load",
  topic: "save, load; tag",
  domain: "images",
  minutes: 3,
  difficulty: 1,
  task: "On {worker-1} the image {image}:2 is needed as a file that another engine can load, with its name and its layers: /root/app.tar. Give the image the second name app:copy first, and have both names in the file.",
  checks: [
    {
      says: "app:copy is the same image",
      on: "worker-1",
      ask: "docker image inspect --format '{{.Id}}' app:copy {image}:2 | sort | uniq -c | awk '{ print $1 }' | xargs",
      expected: "2 names, one id",
      holds: (text) => text === "2",
      why: "A tag is a name; building or committing makes another image.",
    },
    {
      says: "the file holds an image under both names",
      on: "worker-1",
      ask: "tar -xOf /root/app.tar manifest.json | grep -o '\"RepoTags\":\\[[^]]*\\]'",
      expected: "{image}:2 and app:copy",
      holds: (text) => /app:copy"/.test(text) && /\/app:2"/.test(text),
      why: "Saved by its id an image has no name in the file; exported from a container it has no layers.",
    },
  ],
  hints: [
    "`docker image tag`, then one command that writes a file.",
    "save is for images, export for a container's files.",
    "docker image save -o /root/app.tar ... ...",
  ],
  solution: [
    {
      on: "worker-1",
      type: "docker image tag {image}:2 app:copy",
      says: "A second name for the same id; it costs nothing.",
    },
    {
      on: "worker-1",
      type: "docker image save -o /root/app.tar {image}:2 app:copy",
      says: "`docker image load -i` on another engine brings both names back.",
    },
  ],
  wrong: [
    {
      says: "a container's files, exported",
      commands: [
        {
          on: "worker-1",
          type: 'docker image tag {image}:2 app:copy; id=$(docker create app:copy); docker export -o /root/app.tar "$id"; docker rm "$id" >/dev/null',
        },
      ],
      refusedBy: "the file holds an image under both names",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: "rm -f /root/app.tar; ! docker image inspect app:copy >/dev/null 2>&1 || docker image rm app:copy >/dev/null",
    },
  ],
};
