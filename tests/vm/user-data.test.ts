import { expect, test } from "vitest";
import { DAEMON_FILE, READY_FILE, userData } from "../../components/nodes/hosts/user-data.ts";
import { ZONE_FILE } from "../../components/nodes/types.ts";
import { type Look, waitFor } from "../../scripts/lib/wait.ts";
import { Machines } from "./support/machines.ts";
import { showProgress } from "./support/progress.ts";

showProgress();

test("a bare machine comes up ready to be a node by its user data alone", async () => {
  const given = userData({ name: "w7", zone: "b", engineVersion: "26.1.*" });
  await using machines = await Machines.boot([{ name: "w7", disk: "bare", userData: given }]);
  const ready = async (): Promise<Look<string>> => {
    const found = await machines.ssh("w7", `cat ${READY_FILE} || cloud-init status --long`);
    return /^26\./.test(found) ? { done: found } : { waiting: found };
  };
  await waitFor("w7 to be ready", ready, { deadline: 420, interval: 2 });
  expect(await machines.ssh("w7", "cloud-init status --wait; hostname")).toMatch(/done\s+w7$/);
  expect(await machines.ssh("w7", `cat ${ZONE_FILE}`)).toBe("b");
  expect(await machines.ssh("w7", `stat -c %a ${DAEMON_FILE}; apt-mark showhold`)).toBe(
    "644\ndocker-cli\ndocker.io",
  );
  const driver = "docker info --format '{{.LoggingDriver}} {{.Swarm.LocalNodeState}}'";
  expect(await machines.ssh("w7", driver)).toBe("json-file inactive");
  // The metrics answer on the machine and nowhere else.
  const metrics = (address: string) =>
    `curl -s -o /dev/null -w '%{http_code}' http://${address}:9323/metrics || true`;
  expect(await machines.ssh("w7", metrics("127.0.0.1"))).toBe("200");
  expect(await machines.ssh("w7", metrics(machines.host("w7").address))).toBe("000");
});
