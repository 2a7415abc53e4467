/** Leaves for times, sizes, processors and permission bits: texts that become canonical values. */
import { z } from "zod";
import { GO_DURATION, goDuration, milliseconds } from "../duration.ts";
import { matching } from "./leaves.ts";

/** A Go duration of at least `min`, in Go's own spelling. */
export function duration(min = "0s") {
  const least = milliseconds(min) > 0 ? ` of at least ${min}` : "";
  const need = `a duration${least} such as "90s" or "1h30m" (units h, m, s, ms)`;
  return matching(GO_DURATION, need, "duration").transform((given, context) => {
    const ms = milliseconds(given);
    if (ms >= milliseconds(min)) return goDuration(ms);
    context.issues.push({ code: "custom", message: need, input: given });
    return z.NEVER;
  });
}

const SIZE = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)$/;
const SIZE_UNIT: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** A size such as "512MiB", as bytes; `min` is such a size too. */
export function size(min: string) {
  const need = `a size of at least ${min} such as "512MiB" (units KiB, MiB, GiB)`;
  return matching(SIZE, need, "size").transform((given, context) => {
    const count = bytes(given);
    if (count >= bytes(min)) return count;
    context.issues.push({ code: "custom", message: need, input: given });
    return z.NEVER;
  });
}

function bytes(given: string): number {
  const [, figure = "0", unit = ""] = SIZE.exec(given) ?? [];
  return Math.round(Number(figure) * (SIZE_UNIT[unit] ?? 0));
}

/** Processors. Swarm refuses less than a thousandth. */
export function cpus() {
  const need = "a number of processors from 0.001 to 1024, such as 0.5";
  return z.number(need).min(0.001, need).max(1024, need);
}

/** Permission bits in octal. Quoted, as YAML readers differ on what a bare 0444 is. */
export function mode() {
  const need = 'octal permission bits in quotes, such as "0444"';
  return matching(/^0?[0-7]{3}$/, need, "octal mode").transform((given) =>
    Number.parseInt(given, 8),
  );
}
