import Table from "cli-table3";
import pc from "picocolors";
import { quorumSentence } from "../../components/swarm/quorum.ts";
import type { Assessment } from "./assess.ts";
import type { LabDescription } from "./describe.ts";
import type { NodeStatus, ServiceStatus, Status } from "./status-model.ts";

const paintState = (state: string) =>
  state === "Ready" ? pc.green(state) : state === "Unknown" ? pc.yellow(state) : pc.red(state);

function drawNode(node: NodeStatus): string {
  const mark = node.managerStatus === "Leader" ? ` ${pc.yellow("*")} leader` : "";
  const lost = node.managerStatus === "Unreachable" ? pc.red(" unreachable") : "";
  const words = [paintState(node.state), node.availability?.toLowerCase()].filter(Boolean);
  const lines = [`${pc.bold(node.name)}${mark}${lost}`, `${node.role}, ${words.join(", ")}`];
  return [...lines, pc.dim(node.address)].filter((line) => line !== "").join("\n");
}

/** The zones as columns, each with its nodes one below the other, managers first. */
export function drawZones(nodes: readonly NodeStatus[]): string {
  const zones = [...new Set(nodes.map((node) => node.zone))].sort();
  const columns = zones.map((zone) =>
    nodes
      .filter((node) => node.zone === zone)
      .sort((a, b) => (a.role === b.role ? 0 : a.role === "manager" ? -1 : 1)),
  );
  const height = Math.max(0, ...columns.map((column) => column.length));
  const table = new Table({
    head: zones.map((zone) => pc.bold(zone)),
    style: { head: [], border: pc.isColorSupported ? ["gray"] : [] },
  });
  for (let row = 0; row < height; row += 1) {
    table.push(
      columns.map((column) => {
        const node = column[row];
        return node === undefined ? "" : drawNode(node);
      }),
    );
  }
  return table.toString();
}

/** "3 managers, quorum 2, survives 1", and how it stands when some are lost. */
export function drawQuorum({ swarm, nodes }: Status): string {
  const sentence = quorumSentence(swarm.managers);
  if (swarm.leader === null) return `${sentence}; ${pc.red("no leader: no quorum, no writes")}`;
  const up = nodes.filter(
    (node) => node.state === "Ready" && /^(Leader|Reachable)$/.test(node.managerStatus ?? ""),
  ).length;
  if (up === swarm.managers) return sentence;
  return `${sentence}; ${pc.yellow(`${up} reachable now, survives ${swarm.tolerates} more`)}`;
}

const drawService = ({ name, running, desired }: ServiceStatus) => {
  const count = `${running}/${desired}`;
  return `${name} ${running < desired ? pc.red(count) : pc.green(count)}`;
};

function drawNetwork(network: LabDescription["network"]): string[] {
  const encryption = network.encryption.inForce ? "encrypted" : "not encrypted";
  return [
    `overlay ${encryption}: ${network.encryption.reason}`,
    `endpoint mode ${network.endpointMode.inForce}: ${network.endpointMode.reason}`,
    `publishing ${network.publish.inForce}: ${network.publish.reason}`,
  ];
}

const row = (name: string, text: string) => `${pc.dim(name.padEnd(9))} ${text}`;

/** The whole picture of a lab, for a terminal. */
export function drawStatus(
  status: Status,
  assessment: Assessment,
  description: LabDescription | undefined,
): string {
  const { lab, provider, swarm, nodes, services } = status;
  const good = assessment.state === "whole" ? pc.green : pc.red;
  const title = `lab ${pc.bold(lab)}${provider ? ` on ${provider}` : ""}: ${good(assessment.state)}`;
  const lines = [title];
  if (nodes.length > 0) {
    lines.push(drawZones(nodes));
    if (swarm.managers > 0) lines.push(row("managers", drawQuorum(status)));
    if (swarm.clusterId) lines.push(row("swarm", swarm.clusterId));
  }
  if (services.length > 0) lines.push(row("services", services.map(drawService).join(", ")));
  if (description !== undefined) {
    for (const line of drawNetwork(description.network)) lines.push(row("network", line));
    const { api, registry, apps } = description.gateway;
    const addresses = Object.entries(apps).flatMap(([name, urls]) =>
      urls.map((url) => `${name} ${url}`),
    );
    lines.push(
      row(
        "reach",
        [...addresses, registry && `registry ${registry}`, `engine API ${api}`]
          .filter(Boolean)
          .join(", "),
      ),
    );
    for (const warning of description.warnings) lines.push(row("warning", pc.yellow(warning)));
  }
  for (const problem of assessment.problems) lines.push(row("problem", pc.red(problem)));
  if (assessment.advice) lines.push(row("do", assessment.advice));
  return lines.join("\n");
}
