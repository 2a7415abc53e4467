import { running, service } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const secretFile: Exercise = {
  name: "secret-file",
  topic: "configs and secrets: create, use, rotate, remove while in use",
  domain: "security",
  minutes: 3,
  difficulty: 1,
  task: "Run a service db from {image}:1 that reads a password from the file /run/secrets/password. The swarm's secret is to be named db-password-1; its content is up to you, and is to be in no environment variable and on no command line.",
  checks: [
    {
      says: "the secret db-password-1 exists",
      on: "leader",
      ask: "docker secret ls --filter name=db-password-1 --format '{{.Name}}'",
      expected: "db-password-1",
      holds: (text) => text === "db-password-1",
      why: "A secret is an object of the swarm: it is made before the service that uses it.",
    },
    {
      says: "db reads it from /run/secrets/password",
      on: "leader",
      ask: service(
        "db",
        "{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{.File.Name}} {{end}}",
      ),
      expected: "db-password-1 password",
      holds: (text) => /^db-password-1 (\/run\/secrets\/)?password$/.test(text),
      why: "Without a target the file has the secret's own name, and the next version would change its path.",
    },
    {
      says: "nothing secret is in its environment",
      on: "leader",
      ask: service("db", "env {{.Spec.TaskTemplate.ContainerSpec.Env}}"),
      expected: "env []",
      holds: (text) => text === "env []",
      why: "Whoever may inspect a service reads its environment; the content of a secret he cannot read.",
    },
    {
      says: "the task of db runs",
      on: "leader",
      ask: `${running("db")} | wc -l`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker service ps db` says why not.",
    },
  ],
  hints: [
    "`docker secret create` reads the content from its standard input when the file is named -.",
    "The long form of --secret has a source and a target.",
    "docker service create --secret source=db-password-1,target=password ...",
  ],
  solution: [
    {
      on: "leader",
      type: "head -c 24 /dev/urandom | base64 | docker secret create db-password-1 -",
      says: "From standard input: it is in no history and in no list of processes.",
    },
    {
      on: "leader",
      type: "docker service create -d --name db --secret source=db-password-1,target=password {image}:1",
      says: "The node's engine gets it for this task alone and mounts it from memory.",
    },
  ],
  wrong: [
    {
      says: "the password in the environment",
      commands: [
        { on: "leader", type: "echo hunter2 | docker secret create db-password-1 -" },
        {
          on: "leader",
          type: "docker service create -d --name db --env PASSWORD=hunter2 {image}:1",
        },
      ],
      refusedBy: "nothing secret is in its environment",
    },
  ],
};
