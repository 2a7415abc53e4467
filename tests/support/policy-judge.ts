import type { PolicyDocument, PolicyStatement } from "../../components/nodes/aws/policies.ts";

/** Actions that IAM ties to no resource, or that AWS's own guide gives for all: each by its whole name. */
const FOR_ANY_RESOURCE = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  ...["AcknowledgeMessage", "DeleteMessage", "FailMessage"].map((name) => `ec2messages:${name}`),
  ...["GetEndpoint", "GetMessages", "SendReply"].map((name) => `ec2messages:${name}`),
];

function faults({ Sid, Effect, Principal, Action, Resource = [] }: PolicyStatement): string[] {
  if (Effect === "Deny") return [];
  const wild = Action.filter((action) => action.includes("*"));
  const wide = Resource.includes("*")
    ? Action.filter((action) => !FOR_ANY_RESOURCE.includes(action))
    : [];
  return [
    ...wild.map((action) => `${Sid} allows ${action}`),
    ...wide.map((action) => `${Sid} allows ${action} on every resource`),
    ...(Principal === "*" ? [`${Sid} allows anybody`] : []),
  ];
}

/** What a policy allows too widely, read from the JSON that AWS gets. A trust policy has no resources. */
export function tooWide(json: string): string[] {
  const { Version, Statement } = JSON.parse(json) as PolicyDocument;
  return [
    ...(Version === "2012-10-17" ? [] : [`version ${Version}`]),
    ...(Statement.length === 0 ? ["no statement"] : []),
    ...Statement.flatMap(faults),
  ];
}
