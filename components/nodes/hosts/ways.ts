import type { Problem } from "../../errors.ts";
import type { PortRule } from "../../swarm/ports.ts";
import { quoted } from "../quote.ts";
import type { SeenHost } from "./judge.ts";

/** Seconds that a host listens; the others send every second from the third one on, five times. */
export const LISTENS = 12;
const BEGIN = 3;
const ROUNDS = 5;

const MARK = "swarm-lab";

/** As a rule is told to the programs below: `tcp/2377`, `esp/0`. */
const wordOf = ({ protocol, port }: PortRule) => `${protocol}/${port ?? 0}`;

/**
 * Perl is a part of every Debian and Ubuntu; nothing has to be installed before it is known whether anything may be. A port
 * that somebody holds is heard by a raw socket, which gets a copy of what the host's firewall let in, the engine's own too.
 */
const LISTEN = String.raw`use Socket; my ($seconds, @rules) = @ARGV; my $end = time + $seconds; my (%of, %seen); my $all = "";
for my $word (@rules) {
  my ($held, $rule) = $word =~ /^(held-)?(.*)/; my ($kind, $port) = split m{/}, $rule; my $raw = $held || $kind eq "esp"; my $s;
  socket($s, PF_INET, $raw ? SOCK_RAW : $kind eq "tcp" ? SOCK_STREAM : SOCK_DGRAM, $kind eq "tcp" ? 6 : $kind eq "udp" ? 17 : 50) or die "$rule: $!";
  setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
  if (!$raw) { bind($s, sockaddr_in($port, INADDR_ANY)) or die "$rule: $!" }
  if ($kind eq "tcp") { listen($s, 64) or die "$rule: $!" }
  $of{fileno $s} = [$s, $rule, $kind, $held && $port]; vec($all, fileno $s, 1) = 1;
}
while (time < $end) {
  my $ready = $all; next if select($ready, undef, undef, 0.5) < 1;
  for my $fd (keys %of) {
    next unless vec($ready, $fd, 1); my ($s, $rule, $kind, $only) = @{$of{$fd}}; my $from;
    if ($kind eq "tcp") { $from = accept(my $c, $s); close $c if $from }
    else {
      $from = recv($s, my $said, 2048, 0); next unless $said =~ /${MARK}/;
      next if $only && unpack("n", substr($said, 4 * (ord($said) & 15) + 2, 2)) != $only; # after the IP header
    }
    next unless $from; my (undef, $address) = sockaddr_in($from); $seen{"$rule " . inet_ntoa($address)} = 1;
  }
}
print "$_\n" for sort keys %seen;`;

const SEND = `use Socket; my ($wait, $rounds, @ways) = @ARGV; sleep $wait;
for (1 .. $rounds) {
  for my $way (@ways) {
    my ($kind, $port, $target) = split m{/}, $way; my $address = inet_aton($target); my $s;
    if ($kind eq "tcp") {
      next if fork; alarm 2; socket($s, PF_INET, SOCK_STREAM, 6); 
      print "$kind/$port $target\\n" if connect($s, sockaddr_in($port, $address)); exit;
    }
    socket($s, PF_INET, $kind eq "udp" ? SOCK_DGRAM : SOCK_RAW, $kind eq "udp" ? 17 : 50) or next;
    send($s, "${MARK}", 0, sockaddr_in($port, $address));
  }
  sleep 1;
}
1 while wait > 0;`;

/** A host, and by which rules it is tried. */
export interface Target extends Pick<SeenHost, "where" | "name" | "address"> {
  readonly rules: readonly PortRule[];
  /** Whether an engine holds the ports already: then connections are told by who makes them, and the rest is heard beside it. */
  readonly held: boolean;
}

/** Shell that hears what the others send, and prints a line `RULE ADDRESS` for each who was heard. Run as root. */
export function listenScript({ rules, held }: Target): string {
  const words = rules
    .filter(({ protocol }) => !held || protocol !== "tcp")
    .map((rule) => `${held ? "held-" : ""}${wordOf(rule)}`);
  return `perl -e ${quoted(LISTEN)} ${LISTENS} ${words.join(" ")}`;
}

/** Shell that sends to each of the others what it lets in, and prints `RULE ADDRESS` for each connection made. Run as root. */
export function sendScript(others: readonly Target[]): string {
  const ways = others.flatMap(({ rules, address }) =>
    rules.map((rule) => `${wordOf(rule)}/${address}`),
  );
  return `perl -e ${quoted(SEND)} ${BEGIN} ${ROUNDS} ${ways.join(" ")}`;
}

const named = ({ protocol, port }: PortRule) =>
  protocol === "esp" ? "IP protocol 50 (ESP)" : `${protocol} port ${port}`;

/** What did not arrive, one problem for each host and rule; `heard`: lines `RULE ADDRESS` of who was heard. Pure. */
export function wayProblems(
  to: Target,
  heard: readonly string[],
  others: readonly Pick<Target, "name" | "address">[],
): Problem[] {
  const lines = new Set(heard);
  return to.rules.flatMap((rule) => {
    const silent = others.filter(({ address }) => !lines.has(`${wordOf(rule)} ${address}`));
    if (silent.length === 0) return [];
    return [
      {
        where: `${to.where} (${to.name})`,
        got: `nothing by ${named(rule)} from ${silent.map(({ name }) => name).join(", ")}`,
        need: `a way for it: ${rule.why}`,
        fix: "open it in the host's firewall, or in the network between the hosts",
      },
    ];
  });
}
