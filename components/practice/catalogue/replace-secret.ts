import { running, service, started } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

export const replaceSecret: Exercise = {
  name: "replace-secret",
  topic: "configs and secrets: create, use, rotate, remove while in use",
  domain: "security",
  minutes: 4,
  difficulty: 2,
  task: "db reads its password from /run/secrets/password, out of the secret db-password-1, which has leaked. Give it another content, without the service missing its file at any moment; the old secret is to be gone in the end.",
  setUp: [
    { on: "leader", type: "echo leaked | docker secret create db-password-1 - >/dev/null" },
    {
      on: "leader",
      type: started("db", 1, "--secret source=db-password-1,target=password "),
    },
  ],
  remember: { service: { on: "leader", type: service("db", "{{.ID}} {{.CreatedAt}}") } },
  checks: [
    {
      says: "db reads another secret from the same file",
      on: "leader",
      ask: service(
        "db",
        "{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}} {{.File.Name}} {{end}}",
      ),
      expected: "another name, and password",
      holds: (text) =>
        /^\S+ (\/run\/secrets\/)?password$/.test(text) && !/^db-password-1 /.test(text),
      why: "The content of a secret cannot be changed: another secret takes its place under the same target.",
    },
    {
      says: "db-password-1 is gone",
      on: "leader",
      ask: "docker secret ls --format '{{.Name}}' | grep -cx db-password-1 || true",
      expected: "0",
      holds: (text) => text === "0",
      why: "A secret in use is not removed: the service has to let go of it first.",
    },
    {
      says: "it is the service that was there, updated",
      on: "leader",
      ask: `${service("db", "{{.ID}} {{.CreatedAt}}")} | tr -d '\\n' | sha256sum | cut -d ' ' -f 1`,
      expected: "the service from before",
      holds: (text, { service: before }) => text === before,
      why: "Removing the service and making it again is an outage.",
    },
    {
      says: "its task runs",
      on: "leader",
      ask: `${running("db")} | wc -l`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker service ps db` says why not.",
    },
  ],
  hints: [
    "Secrets are immutable: try to change one, or to remove this one, and read what is said.",
    "Make a second one, and exchange the two in one update.",
    "docker service update --secret-rm db-password-1 --secret-add source=...,target=password db",
  ],
  solution: [
    {
      on: "leader",
      type: "head -c 24 /dev/urandom | base64 | docker secret create db-password-2 -",
      says: "A new object with a new name.",
    },
    {
      on: "leader",
      type: "docker service update --quiet --secret-rm db-password-1 --secret-add source=db-password-2,target=password db",
      says: "Both in one update: the tasks are replaced once, and each has its file from the start.",
    },
    {
      on: "leader",
      type: "docker secret rm db-password-1",
      says: "Now nothing uses it. With it goes the way back: a rollback needs the old secret.",
    },
  ],
  wrong: [
    {
      says: "the new secret under its own name, which is another path",
      commands: [
        { on: "leader", type: "echo other | docker secret create db-password-2 -" },
        {
          on: "leader",
          type: "docker service update --quiet --detach --secret-rm db-password-1 --secret-add db-password-2 db",
        },
        { on: "leader", type: "docker secret rm db-password-1" },
      ],
      refusedBy: "db reads another secret from the same file",
    },
  ],
};
