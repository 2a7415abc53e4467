import { NFS_IMAGE, running, tasksRun } from "../asks.ts";
import type { Exercise, ExerciseCheck, Place } from "../exercise.ts";
import { nfsClient } from "../needs.ts";

const TASKS = "docker ps --quiet --filter label=com.docker.swarm.service.name=db";
/** The one task of a node. Nothing where there is none. */
const task = `$(${TASKS} | head -n 1)`;

/** Where the server is: the address of the node that it runs on. */
const SERVER = "$(docker node inspect --format '{{.Status.Addr}}' {worker-1})";

const create = (mount: string) =>
  `docker service create -d --name db --mode global --constraint node.role==worker --mount ${mount} {image}:1`;
const shared = `type=volume,source=db-data,target=/tmp/data,volume-opt=type=nfs,volume-opt=device=:/data,"\\"volume-opt=o=addr=${SERVER},nfsvers=4.1\\""`;

/** Written in the task of the first worker, when it runs. */
const written = `until docker exec --user 0 "${task}" sh -c 'echo shared >/tmp/data/word'; do sleep 1; done`;

const reads = (on: Place): ExerciseCheck => ({
  says: `the task on {${on}} reads what was written`,
  on,
  ask: `docker exec "${task}" cat /tmp/data/word`,
  expected: "shared",
  holds: (text) => text === "shared",
  why: "A volume of the local driver without a type is another one on each node, under the same name.",
});

export const sharedVolume: Exercise = {
  name: "shared-volume",
  topic: "volumes: one node's against shared NFS",
  domain: "storage",
  minutes: 5,
  difficulty: 3,
  needs: nfsClient,
  images: ["nfs"],
  task: "On {worker-1} an NFS 4.1 server exports /data, at the usual port 2049. Run a service db from {image}:1 with one task on every worker; all of them have the files of that server in /tmp/data, by a volume db-data. Then write the word shared into the file /tmp/data/word in the task on {worker-1}.",
  setUp: [
    {
      on: "leader",
      type: `docker service create --detach --quiet --name nfs --no-resolve-image --constraint node.hostname=={worker-1} --publish mode=host,published=2049,target=2049 ${NFS_IMAGE} >/dev/null
until [ "$(${running("nfs")} | wc -l)" = 1 ]; do sleep 0.5; done`,
    },
    { on: "worker-1", type: "until bash -c ': </dev/tcp/127.0.0.1/2049'; do sleep 0.5; done" },
  ],
  checks: [
    tasksRun("db", 2, "one task runs on every worker"),
    {
      says: "the volume of {worker-2} is the server's",
      on: "worker-2",
      ask: "docker volume inspect --format '{{.Options.type}} {{.Options.device}}' db-data",
      expected: "nfs :/data",
      holds: (text) => /^nfs4? \S*:\/data\/?$/.test(text),
      why: "The local driver mounts what its options say: the type nfs, the device and, in o, the server's address.",
    },
    reads("worker-1"),
    reads("worker-2"),
  ],
  hints: [
    "It is a volume of the local driver, with options. The engine mounts it when a task needs it.",
    "docker volume create --opt type=nfs --opt device=:/data --opt o=addr=...,nfsvers=4.1; a service's --mount has the same as volume-opt.",
    "A value with commas is quoted in --mount: 'type=volume,source=...,target=...,volume-opt=type=nfs,\"volume-opt=o=addr=...,nfsvers=4.1\",volume-opt=device=:/data'",
  ],
  solution: [
    {
      on: "leader",
      type: create(shared),
      says: "Each node makes the volume by these options when its task comes. The address has to be one that the node reaches: it is the engine that mounts, and it knows no service by name.",
    },
    {
      on: "worker-1",
      type: written,
      says: "What one task writes, all of them have.",
    },
  ],
  wrong: [
    {
      says: "a volume by the same name on each node",
      commands: [
        {
          on: "leader",
          type: create("type=volume,source=db-data,target=/tmp/data"),
        },
        { on: "worker-1", type: written },
      ],
      refusedBy: "the volume of {worker-2} is the server's",
    },
  ],
  // Before its server goes: a volume that was mounted from one that is gone is hard to be rid of.
  cleanUp: [
    { on: "leader", type: "docker service rm db >/dev/null 2>&1 || true" },
    ...(["worker-1", "worker-2"] as const).map((on) => ({
      on,
      type: `until [ -z "$(${TASKS.replace("docker ps", "docker ps --all")})" ]; do sleep 0.5; done`,
    })),
  ],
};
