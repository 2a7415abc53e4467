/** From zod's issues to findings. */
import type { z } from "zod";
import { type Finding, formatPath, type Path } from "./finding.ts";
import { nearest } from "./nearest.ts";

type Issue = z.core.$ZodIssue;

/** The findings of one failed parse. `schema.ts` gives each issue its need, and its fix after a semicolon. */
export function findingsOf(issues: readonly Issue[], at: Path = []): Finding[] {
  return issues
    .filter((issue) => !isConsequence(issue, issues))
    .flatMap((issue) => findingsOfOne(issue, [...at, ...(issue.path as Path)]));
}

/** Whether what a mapping lacks stands there under a misspelt key. */
function isConsequence(issue: Issue, issues: readonly Issue[]): boolean {
  if (issue.code !== "custom") return false;
  const path = formatPath(issue.path as Path);
  return issues.some(
    (other) => other.code === "unrecognized_keys" && formatPath(other.path as Path) === path,
  );
}

function findingsOfOne(issue: Issue, path: Path): Finding[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(path, key, issue.message.split(", ")));
    case "invalid_key":
      return findingsOf(issue.issues, path).map((finding) => ({
        ...finding,
        got: `the name ${JSON.stringify(path.at(-1))}`,
      }));
    case "invalid_union": {
      const branch = branchMeant(issue.errors);
      return branch ? findingsOf(branch, path) : [plain(issue, path)];
    }
    default:
      return [plain(issue, path)];
  }
}

function plain(issue: Issue, path: Path): Finding {
  const [need = "", ...fix] = issue.message.split("; ");
  return { path, value: issue.input, need, ...(fix.length > 0 ? { fix: fix.join("; ") } : {}) };
}

function unknownKey(path: Path, key: string, known: readonly string[]): Finding {
  const guess = nearest(key, known);
  if (path.length === 0 && key.includes(".")) {
    const fix = "a setting within another is set with `pulumi config set --path`; remove this one";
    return { path: [key], got: "an unknown key", need: "a key without dots", fix };
  }
  const fix = guess ? `did you mean ${guess}?` : "remove it";
  const need = guess ? "a known one" : `one of ${known.join(", ")}`;
  return { path: [...path, key], got: "an unknown key", need, fix };
}

/** Of a union's branches, the only one whose type is the value's: its complaints say more than the union's. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const meant = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && isOfType(issue)),
  );
  return meant.length === 1 ? meant[0] : undefined;
}

function isOfType(issue: Issue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}
