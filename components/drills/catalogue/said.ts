import type { Captured } from "../../process.ts";

/** What a command said, and how it ended: 124 when it had to be ended. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** For commands that say no secret. */
export const said = ({ code, stdout, stderr }: Captured): Said => ({
  code,
  text: `${stdout.trim()} ${stderr.trim()}`.trim().slice(0, 300),
});

/** As a check shows it. */
export const ending = ({ code, text }: Said) => `code ${code}${text ? `: ${text}` : ""}`;
