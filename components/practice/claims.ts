import type { ClaimSource } from "../drills/claims.ts";
import { EXERCISES } from "./catalogue/index.ts";

/** What exercises show of the notes, for the table of claims. */
export const EXERCISE_CLAIMS: readonly ClaimSource[] = EXERCISES.flatMap(({ name, claim }) =>
  claim === undefined ? [] : [{ name, claims: [claim], folder: "components/practice/catalogue" }],
);
