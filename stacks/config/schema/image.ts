import { matching } from "./leaves.ts";

// The grammar of image references: [registry[:port]/]path[/path...][:tag][@sha256:digest].
const HOST = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?";
const PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const TAG = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?";
const DIGEST = "(?:@sha256:[a-f0-9]{64})?";
const REFERENCE = new RegExp(`^${HOST}${PART}(?:/${PART})*${TAG}${DIGEST}$`);

export function imageReference() {
  const need =
    'an image reference such as "nginx:1.27" or "registry.example.com/team/app@sha256:..."';
  return matching(REFERENCE, need, "image");
}
