import type { LoadRequest } from "../../components/drills/load.ts";
import type { Change } from "./drill-judge-support.ts";

type Changeable = { -readonly [Key in keyof LoadRequest]: LoadRequest[Key] };

/** The requests to the services whose name ends so, from the fault until it was healed. */
function during(load: Changeable[], suffix: string, from: number, to: number): Changeable[] {
  const found = load.filter(
    ({ service, at }) => service.endsWith(suffix) && at >= from && at <= to,
  );
  if (found.length === 0) throw new Error(`the saved run asked no service ${suffix}`);
  return found;
}

/** One request to a service fails in the middle of it all. */
export const oneFails =
  (suffix: string): Change =>
  (facts, { fault }) => {
    const found = during(facts.load, suffix, fault?.from ?? 0, fault?.to ?? 0);
    const one = found[Math.floor(found.length / 2)];
    if (one !== undefined) one.failed = "10.0.0.9: connection refused";
  };

/** Hardly anybody asked. */
export const fewAsk =
  (suffix: string): Change =>
  (facts, { fault }) => {
    const few = during(facts.load, suffix, fault?.from ?? 0, fault?.to ?? 0).slice(0, 20);
    facts.load = facts.load.filter(
      (one: LoadRequest) => !one.service.endsWith(suffix) || few.includes(one),
    );
  };

/** Every request was answered: what had to be missed was not, or nobody would have noticed. */
export const noneFails =
  (suffix: string): Change =>
  (facts) => {
    for (const one of facts.load) if (one.service.endsWith(suffix)) delete one.failed;
  };
