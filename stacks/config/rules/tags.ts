/** What AWS takes as tags: with provider aws a label is one on everything that the lab makes. */
import type { Finding } from "../finding.ts";
import type { LabConfig } from "../resolved.ts";

/** Tags of one thing, of which an instance has seven of the lab's own: lab, node, role, zone, begun, expires and Name. */
const MOST_TAGS = 50;
const OWN_TAGS = 7;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** The characters that all services take, and no blank round them, which load balancers do not. */
const TEXT = /^(?! )[\p{L}\p{N}\p{Z}+\-=._:/@]*(?<! )$/u;
const CHARACTERS = "letters, digits, blanks within and + - = . _ : / @";

/** As AWS counts them. */
const lengthOf = (text: string) => [...text].length;

/** What keeps labels from being tags on AWS, before anything is made. */
export function tagErrors({ labels }: LabConfig): Finding[] {
  const keys = Object.keys(labels);
  const at = (key: string) => ["labels", key];
  const findings: Finding[] = Object.entries(labels)
    .filter(([, text]) => !TEXT.test(text) || lengthOf(text) > LONGEST_VALUE)
    .map(([key, value]) => ({
      ...{ path: at(key), value },
      need: `a text that AWS takes as a tag: at most ${LONGEST_VALUE} ${CHARACTERS}`,
    }));
  for (const [index, key] of keys.entries()) {
    // Roles know no difference between upper and lower case in the key of a tag.
    const [same] = keys.slice(0, index).filter((one) => one.toLowerCase() === key.toLowerCase());
    const got = `the label ${JSON.stringify(key)}`;
    if (lengthOf(key) > LONGEST_KEY)
      findings.push({
        ...{ path: at(key), got: `a label of ${lengthOf(key)} characters` },
        ...{ need: `at most ${LONGEST_KEY}, as AWS takes the key of a tag`, fix: "shorten it" },
      });
    if (key.toLowerCase() === "name")
      findings.push({
        ...{ path: at(key), got },
        need: "another with provider aws: the lab sets the tag Name itself",
        fix: "rename it",
      });
    if (same !== undefined)
      findings.push({
        ...{ path: at(key), got },
        need: `one that differs from ${same} in more than upper and lower case, which AWS takes for the same tag`,
        fix: "rename or remove one of the two",
      });
  }
  if (keys.length > MOST_TAGS - OWN_TAGS)
    findings.push({
      ...{ path: ["labels"], got: `${keys.length} labels` },
      need: `at most ${MOST_TAGS - OWN_TAGS}: AWS takes ${MOST_TAGS} tags, and ${OWN_TAGS} are the lab's own`,
      fix: "remove some",
    });
  return findings;
}
