import { resolve } from "node:path";
import { isAlias, isMap, parseDocument } from "yaml";
import type { Finding, Path } from "./finding.ts";
import type { ComposeStack, ConfigSource, Named, SecretSource } from "./resolved.ts";
import type { Settings } from "./schema.ts";
import { type Limit, load, type Source } from "./source.ts";

// Swarm refuses contents of this many bytes or more, and empty ones (swarmkit: MaxSecretSize, MaxConfigSize).
const SECRET: Limit = { what: "secrets", bytes: 512_000 };
const CONFIG: Limit = { what: "configs", bytes: 1_024_000 };
/** Far above any real compose file; keeps a mistaken path from being read into memory. */
const COMPOSE: Limit = { what: "compose files", bytes: 1_024_000 };

export interface Contents {
  readonly secrets: Named<SecretSource>;
  readonly configs: Named<ConfigSource>;
  readonly composeStacks: Named<ComposeStack>;
  readonly findings: readonly Finding[];
}

/** Reads what the settings give as values or files; paths are relative to `root`. Nothing is thrown. */
export function readContents(settings: Settings, root: string): Contents {
  const findings: Finding[] = [];
  const bytesOf = (path: Path, source: Source, limit: Limit): Buffer | undefined => {
    const loaded = load(path, source, limit, root);
    if ("bytes" in loaded) return loaded.bytes;
    findings.push(loaded.finding);
    return undefined;
  };

  const secrets = mapValues(settings.secrets, (source, name): SecretSource => {
    if (source.generate) return { kind: "generate", ...source.generate };
    const bytes = bytesOf(["secrets", name], source, SECRET);
    return { kind: "content", base64: bytes?.toString("base64") ?? "" };
  });
  const configs = mapValues(settings.configs, (source, name): ConfigSource => {
    const bytes = bytesOf(["configs", name], source, CONFIG);
    return { base64: bytes?.toString("base64") ?? "" };
  });
  const composeStacks = mapValues(settings.composeStacks, ({ file }, name): ComposeStack => {
    const content = bytesOf(["composeStacks", name], { file }, COMPOSE)?.toString("utf8") ?? "";
    const lack = content === "" ? undefined : composeLack(content);
    if (lack) {
      const got = `${JSON.stringify(file)}, ${lack}`;
      const need = "a compose file: YAML with a mapping of services";
      findings.push({ path: ["composeStacks", name, "file"], got, need });
    }
    return { file: resolve(root, file), content };
  });
  return { secrets, configs, composeStacks, findings };
}

/** What keeps the text from being a compose file. The rest of it is for `docker stack deploy` to judge. */
function composeLack(content: string): string | undefined {
  const document = parseDocument(content);
  const [error] = document.errors;
  if (error) {
    const { line = 0, col = 0 } = error.linePos?.[0] ?? {};
    return `which is not YAML (line ${line}, column ${col})`;
  }
  const services = isMap(document.contents) ? document.contents.get("services", true) : undefined;
  const meant = isAlias(services) ? services.resolve(document) : services;
  return isMap(meant) ? undefined : "which has no services";
}

function mapValues<V, W>(from: Named<V>, map: (value: V, name: string) => W): Named<W> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, map(value, name)]));
}
