/**
 * The Pulumi this lab runs with. An own Pulumi of the user's is taken from 3.256.0 on, below 4: the SDK in
 * package.json is 3.256.0, an older CLI was never tried with it, and a major version may change what commands mean.
 */
export const PULUMI_VERSION = "3.256.0";

/** The plugins package.json's SDKs ask for. */
export const PLUGINS = [
  { name: "docker", version: "5.2.0" },
  { name: "command", version: "1.2.1" },
] as const;

/** Whether the text of `pulumi version` names one the lab can use. Development builds do not count. */
export function usablePulumi(text: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text.trim());
  const oldest = PULUMI_VERSION.split(".").map(Number);
  if (match === null) return false;
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number);
  const [wantMajor = 0, wantMinor = 0, wantPatch = 0] = oldest;
  if (major !== wantMajor) return false;
  return minor > wantMinor || (minor === wantMinor && patch >= wantPatch);
}
