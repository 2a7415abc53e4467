import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { cutFrom, UNCUT } from "../../components/nodes/cut.ts";

/** An iptables that keeps its rules in a file: enough of it for chains, rules, and asking for either. */
const IPTABLES = `iptables() {
  shift 4; action=$1; chain=$2; shift 2; rule="$chain $*"
  case $action in
    -N) ! grep -qx "chain $chain" "$F" && echo "chain $chain" >>"$F" ;;
    -S) grep -qx "chain $chain" "$F" ;;
    -F) sed -i "/^rule $chain /d" "$F" ;;
    -X) ! grep -q -- "-j $chain" "$F" && sed -i "/^chain $chain$/d" "$F" ;;
    -A|-I) echo "rule $rule" >>"$F" ;;
    -C) grep -qxF -- "rule $rule" "$F" ;;
    -D) line=$(grep -nxF -m 1 -- "rule $rule" "$F" | cut -d: -f1); sed -i "$line"d "$F" ;;
  esac
}`;

/** The rules that are there after some scripts, one after another, on a node with a rule of its own. */
function rulesAfter(...scripts: readonly string[]): string[] {
  const own = "rule PREROUTING -s 192.0.2.9 -j ACCEPT";
  const all = [`F=$(mktemp); echo '${own}' >"$F"`, IPTABLES, ...scripts, 'cat "$F"; rm "$F"'];
  const said = execFileSync("sh", ["-euc", all.join("\n")], { encoding: "utf8" });
  return said.split("\n").filter((line) => line !== "" && line !== own);
}

const HOOKED = "rule PREROUTING -m comment --comment swarm-lab-cut -j SWARM-LAB-CUT";
const dropped = (address: string) => `rule SWARM-LAB-CUT -s ${address} -j DROP`;

describe("a cut between nodes", () => {
  test("drops what comes from each address", () => {
    expect(rulesAfter(cutFrom(["10.0.0.1", "10.0.0.2"]))).toEqual([
      "chain SWARM-LAB-CUT",
      dropped("10.0.0.1"),
      dropped("10.0.0.2"),
      HOOKED,
    ]);
  });

  test("takes the place of an earlier one", () => {
    const rules = rulesAfter(cutFrom(["10.0.0.1"]), cutFrom(["10.0.0.2"]));
    expect(rules.sort()).toEqual(["chain SWARM-LAB-CUT", HOOKED, dropped("10.0.0.2")].sort());
  });

  test("leaves nothing when it is healed, and nobody else's rules are touched", () => {
    expect(rulesAfter(cutFrom(["10.0.0.1"]), UNCUT)).toEqual([]);
    expect(rulesAfter(UNCUT, UNCUT)).toEqual([]);
  });

  test("is healed also when whoever made it was killed halfway", () => {
    const half = cutFrom(["10.0.0.1"]).split("\n").slice(0, 2).join("\n");
    expect(rulesAfter(half, UNCUT)).toEqual([]);
    expect(rulesAfter(half, cutFrom(["10.0.0.1"]), UNCUT)).toEqual([]);
  });
});
