import type { ReportFigures } from "./figures.ts";
import { html, type Markup } from "./markup.ts";
import { flagOf, hint, table } from "./page-parts.ts";
import type { DrawnNode, DrawnZone } from "./topology.ts";

function nodeDrawn({
  name,
  role,
  leader,
  well,
  state,
  managerStatus,
  availability,
  address,
  tasks,
}: DrawnNode) {
  const said = [
    state,
    availability?.toLowerCase(),
    managerStatus === "Unreachable" && "unreachable",
  ];
  return html`<li class="node ${role} ${well ? "well" : "unwell"}">
<p><strong>${name}</strong> <span class="role">${role}</span>${
    leader && html` <span class="leader"><span aria-hidden="true">★ </span>leader</span>`
  }</p>
<p class="state">${said.filter(Boolean).join(", ")}</p>
<p class="address">${address}</p>
${
  tasks.length > 0
    ? html`<ul class="tasks" aria-label="tasks on ${name}">${tasks.map(
        ({ service, count }) => html`<li>${service}${count > 1 && html` <b>×${count}</b>`}</li>`,
      )}</ul>`
    : html`<p class="none">no task</p>`
}</li>`;
}

const zoneDrawn = ({ zone, nodes }: DrawnZone) =>
  html`<li class="zone"><h3>Zone ${zone}</h3><ul>${nodes.map(nodeDrawn)}</ul></li>`;

/** The picture of the lab: zones, nodes, roles, leader, and where tasks run. Lists, so that it is heard as it is seen. */
export function topologyPart({ lab, topology }: ReportFigures): Markup {
  const up = `\`npm run up${lab === "dev" ? "" : ` -- ${flagOf(lab).trim()}`}\``;
  if (typeof topology === "string")
    return html`<section id="topology" aria-labelledby="topology-title"><h2 id="topology-title">Topology</h2>
<p>${topology}</p>${hint(`${up} stands the lab up; it is drawn here then.`)}</section>`;
  const { seen, zones } = topology;
  const { managers, needed, spare } = seen.quorum;
  const quorum =
    managers === 0
      ? ""
      : `${managers} managers, ${needed} make a majority; ${spare} more may be lost.`;
  return html`<section id="topology" aria-labelledby="topology-title"><h2 id="topology-title">Topology</h2>
<p class="lead">The lab is <strong class="${seen.state === "whole" ? "good" : "bad"}">${seen.state}</strong>. ${quorum}</p>
${seen.problems.length > 0 && html`<ul class="problems">${seen.problems.map((one) => html`<li>${one}</li>`)}</ul>`}
${seen.advice !== undefined && hint(`${seen.advice}.`)}
${zones.length > 0 ? html`<ul class="zones">${zones.map(zoneDrawn)}</ul>` : hint(`${up} stands the lab up; it is drawn here then.`)}
${
  seen.services.length > 0 &&
  table(
    "Services, and how many of their tasks run",
    ["Service", "Running", "Wanted"],
    seen.services.map(({ name, running, desired }) => [name, running, desired]),
  )
}
${seen.network.length > 0 && html`<ul class="network">${seen.network.map((one) => html`<li>${one}</li>`)}</ul>`}
</section>`;
}
