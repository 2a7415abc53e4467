import type { Problem } from "../components/errors.ts";
import { withoutSecrets } from "../components/report/secrets.ts";
import type { PolicyResource, ResourcePolicy, StackPolicy } from "./policy.ts";
import { type Leaf, leavesOf } from "./reading.ts";

/** An access key of AWS, of a user or for a while. Its secret half has no shape of its own. */
const ACCESS_KEY = /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/;

/**
 * Inputs whose names say what they hold. `/run/secrets/key` is the name of a file, `{{...}}` a place to fill in, and a variable
 * SECRET_... of a compose stack holds the name of a swarm secret.
 */
const NAMED =
  /^(?!SECRET_).*(?:password|passphrase|token|client_?secret|unlock_?key|private_?key|secret_?(?:access_?)?key|key_?material)$/i;
const NO_VALUE = /^(?:$|\/|\.{1,2}\/|\{\{|https?:|true$|false$|auto$)/;

/** Inputs that a provider shows to whoever may look, and an instance to every process on it, marked or not. */
const SHOWN = /^(?:userData(?:Base64)?|tags|labels|description|name|hostname)\b/;

const hasShape = (text: string) => withoutSecrets(text).found > 0 || ACCESS_KEY.test(text);

/** The text, and what it says in base64: swarm secrets and user data are given so. */
function forms(text: string): string[] {
  if (text.length < 16 || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return [text];
  return [text, Buffer.from(text, "base64").toString("utf8")];
}

/** What is wrong with a text; never the text itself. */
function complaint(type: string, { path, key, text, marked }: Leaf): string | undefined {
  if (SHOWN.test(path) && marked)
    return "a value that is marked as secret, where everybody sees it";
  if (forms(text).some(hasShape) && (!marked || SHOWN.test(path)))
    return "a token or a key in plain text (not shown)";
  if (marked || NO_VALUE.test(text)) return undefined;
  if (type === "docker:index/secret:Secret" && path === "data")
    return "the content of a swarm secret in plain text (not shown)";
  return NAMED.test(key) ? "a plain text (not shown)" : undefined;
}

const FIX =
  "make it with pulumi.secret or `pulumi config set --secret`; user data, tags and labels can hold no secret";

/** What is not marked stands in the state, in the preview and in logs. User data, tags and labels hide nothing at all. */
export const plainTextSecrets: ResourcePolicy = {
  name: "plain-text-secrets",
  description: "No secret stands in plain text in what a resource is made of.",
  level: "mandatory",
  judge(resource) {
    const need = "a value that Pulumi keeps encrypted";
    const problems = leavesOf(resource).flatMap((leaf): Problem[] => {
      const got = complaint(resource.type, leaf);
      return got === undefined
        ? []
        : [{ where: `${resource.name}.${leaf.path}`, got, need, fix: FIX }];
    });
    return [...new Map(problems.map((each) => [each.where, each])).values()];
  },
};

/** Of a structure that is marked as a whole only what is named so is secret: an address in it may stand anywhere. */
const HOLDING = /^(?:content|data)$/;
const isSecret = ({ key, marked, part }: Leaf) =>
  marked && (!part || NAMED.test(key) || HOLDING.test(key));

/** Shorter ones are words: a user's name, a port. */
const SHORTEST = 12;

/** A value that is marked in one place and stands unmarked in another was never a secret. */
export const leakedSecrets: StackPolicy = {
  name: "leaked-secrets",
  description: "What is marked as secret in one resource is in plain text in no other.",
  level: "mandatory",
  judgeAll(resources) {
    const all = resources.map((resource) => ({ resource, leaves: leavesOf(resource) }));
    const secrets = new Set(
      all.flatMap(({ leaves }) => leaves.filter(isSecret).map(({ text }) => text.trim())),
    );
    const telling = [...secrets].filter((text) => text.length >= SHORTEST);
    const need = "a value that is marked as secret here as well";
    const fix = "hand the output itself on, without pulumi.unsecret and without reading it before";
    const isLeak = ({ marked, text }: Leaf) =>
      !marked && telling.some((each) => text.includes(each));
    return all.flatMap(({ resource, leaves }) => {
      const places = new Set(leaves.filter(isLeak).map(({ path }) => path));
      const got = "the value of a secret in plain text (not shown)";
      return [...places].map((path) => placed(resource, path, { got, need, fix }));
    });
  },
};

const placed = ({ urn, name }: PolicyResource, path: string, what: Omit<Problem, "where">) => ({
  ...what,
  ...{ urn, where: `${name}.${path}` },
});
