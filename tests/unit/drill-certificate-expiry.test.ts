import { describe } from "vitest";
import { certificateExpiry } from "../../components/drills/catalogue/certificate-expiry.ts";
import { judgeTests } from "./drill-judge-support.ts";

const LIFE = "certificates live as long as the swarm says, and an hour backwards";
const ANEW = "a rotation of the root CA issues all of them anew";
const YOUNG = "a certificate with a tenth of its life over is left alone";
const OLD = "one with nine tenths over is renewed at once";
const OUT = "a node whose certificate has expired is out, and says so";
const BACK = "it comes back by leaving and joining, as another node";
const END = "and come from a root CA whose key is the swarm's alone";

describe("the judge of certificate-expiry", () => {
  judgeTests(certificateExpiry, [
    [
      "a certificate lives longer than the swarm says",
      (facts) => {
        facts.before[0].to += 86_400_000;
      },
      LIFE,
    ],
    [
      "a certificate is not from the root CA",
      (facts) => {
        facts.before[1].verified = false;
      },
      LIFE,
    ],
    [
      "a node kept its certificate",
      (facts) => {
        facts.short[0] = facts.before[0];
      },
      ANEW,
    ],
    [
      "a node was not asked",
      (facts) => {
        facts.short.pop();
      },
      ANEW,
    ],
    [
      "a young certificate is renewed",
      (facts) => {
        facts.young.later.serial = "another";
      },
      YOUNG,
    ],
    [
      "the young certificate was never put there",
      (facts) => {
        facts.young.put = facts.old.later;
        facts.young.later = facts.old.later;
      },
      YOUNG,
    ],
    [
      "an old certificate is left alone",
      (facts) => {
        facts.old.later = facts.old.put;
      },
      OLD,
    ],
    [
      "an expired certificate does",
      (facts) => {
        facts.expired.info.text = "active";
      },
      OUT,
    ],
    [
      "the node is out for another reason",
      (facts) => {
        facts.expired.info.text = "error connection refused";
      },
      OUT,
    ],
    [
      "the certificate had not expired",
      (facts, evidence) => {
        facts.expired.put.to = (evidence.marks.fault ?? 0) + 1;
      },
      OUT,
    ],
    [
      "its entry is not Down",
      (facts) => {
        facts.expired.entry = "";
      },
      OUT,
    ],
    [
      "it came back as the node it was",
      (facts) => {
        facts.ids.after = facts.ids.before;
      },
      BACK,
    ],
    [
      "it did not come back",
      (facts) => {
        facts.ids.after = "";
      },
      BACK,
    ],
    [
      "the swarm issues short-lived certificates still",
      (facts) => {
        facts.expiry.after = 3_600_000_000_000;
      },
      "certificates live as long as before",
    ],
    [
      "the root CA is still the drill's",
      (facts) => {
        facts.roots.end = facts.roots.own;
      },
      END,
    ],
    [
      "a node still has a short-lived certificate",
      (facts) => {
        facts.end[2] = facts.short[2];
      },
      END,
    ],
  ]);
});
