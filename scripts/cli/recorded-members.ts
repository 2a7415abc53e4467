import type { MemberInput } from "../../components/swarm/step-inputs.ts";
import type { StackState } from "./state.ts";

/**
 * What each node of a lab is to be in its swarm, as the last `up` recorded it: the inputs of the steps that made them
 * members. A step that was never done is not among them.
 */
export function recordedMembers(state: StackState | undefined): MemberInput[] {
  return (state?.resources ?? []).flatMap(({ inputs, delete: leaving }) => {
    const environment = inputs?.environment as Readonly<Record<string, unknown>> | undefined;
    const told = environment?.LAB_MEMBER;
    return typeof told === "string" && !leaving ? [JSON.parse(told) as MemberInput] : [];
  });
}
