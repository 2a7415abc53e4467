import { REGISTRY_IMAGE } from "../asks.ts";
import type { Exercise } from "../exercise.ts";

const AT = "127.0.0.1:5001";

export const registryLogin: Exercise = {
  name: "registry-login",
  topic: "registry: authentication",
  domain: "security",
  minutes: 3,
  difficulty: 1,
  images: ["registry"],
  task: `The registry at ${AT} on {worker-1} asks for a login: the user is learner, and the password is in /root/password there. Log the engine's client of root on {worker-1} in, without the password on a command line, and put {image}:1 into the registry as private:1.`,
  setUp: [
    {
      on: "worker-1",
      // The hash of the word beside it, which is worth nothing: bcrypt, the only one this registry takes.
      type: `umask 077; mkdir -p /root/store; echo practice >/root/password
echo 'learner:$2b$05$5aha.swTH32qtgKZIAcNcuXFfQ3lUgvIvL5bjFtXG6x2G/JL7vdYi' >/root/store/htpasswd; chmod 755 /root/store; chmod 644 /root/store/htpasswd
docker run --detach --name store --publish ${AT}:5000 --volume /root/store:/store:ro --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=store --env REGISTRY_AUTH_HTPASSWD_PATH=/store/htpasswd ${REGISTRY_IMAGE} >/dev/null
curl -s --retry 30 --retry-all-errors --retry-delay 1 -o /dev/null http://${AT}/v2/`,
    },
  ],
  checks: [
    {
      says: "the client knows a login for it",
      on: "worker-1",
      ask: `grep -c '"${AT}"' /root/.docker/config.json`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`docker login` with the registry's name keeps it for that registry.",
    },
    {
      says: "the registry has private:1",
      on: "worker-1",
      ask: `curl -sSf --user "learner:$(cat /root/password)" http://${AT}/v2/private/tags/list | grep -c '"1"'`,
      expected: "1",
      holds: (text) => text === "1",
      why: "`no basic auth credentials` means that nobody is logged in there.",
    },
    {
      says: "it is still asked for",
      on: "worker-1",
      ask: `curl -s -o /dev/null -w '%{http_code}' http://${AT}/v2/`,
      expected: "401",
      holds: (text) => text === "401",
      why: "A registry without a login takes images from everybody.",
    },
  ],
  hints: [
    "`docker login --help`",
    "--password-stdin reads the password where no list of processes shows it.",
    `docker login --username learner --password-stdin ${AT} </root/password`,
  ],
  solution: [
    {
      on: "worker-1",
      type: `docker login --username learner --password-stdin ${AT} </root/password`,
      says: "Kept in /root/.docker/config.json, readable by root, and not encrypted: a credential helper does better.",
    },
    {
      on: "worker-1",
      type: `docker tag {image}:1 ${AT}/private:1 && docker push --quiet ${AT}/private:1`,
      says: "A service of such an image is made with --with-registry-auth, so that its nodes can pull.",
    },
  ],
  wrong: [
    {
      says: "a registry that asks for nothing",
      commands: [
        {
          on: "worker-1",
          type: `docker rm --force store >/dev/null; docker run --detach --name store --publish ${AT}:5000 ${REGISTRY_IMAGE} >/dev/null; sleep 2
docker tag {image}:1 ${AT}/private:1 && docker push --quiet ${AT}/private:1`,
        },
      ],
      refusedBy: "the client knows a login for it",
    },
  ],
  cleanUp: [
    {
      on: "worker-1",
      type: `docker logout ${AT} >/dev/null 2>&1; rm -rf /root/store /root/password; docker image rm ${AT}/private:1 >/dev/null 2>&1 || true`,
    },
  ],
};
