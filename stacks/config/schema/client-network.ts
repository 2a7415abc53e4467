import { z } from "zod";
import { cidrNeed } from "./network.ts";

/** What is said where it is none; `or` is what else the setting takes. */
export const clientNetworkNeed = (or = "") =>
  `${or}one IPv4 network from /16 to /32 such as "192.0.2.7/32"`;

/** An IPv4 network that a person can name as their own; what holds half of the world is none. */
export function clientNetwork(need = clientNetworkNeed()) {
  return z.string(need).check((given) => {
    const message = cidrNeed(given.value, { min: 16, max: 32, need, anywhere: true });
    if (message) given.issues.push({ code: "custom", message, input: given.value });
  });
}
