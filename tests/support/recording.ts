import type { Registration } from "./registration.ts";

/** All that a program registered, and what the engine makes of it. */
export class Recording {
  readonly all: readonly Registration[];

  constructor(all: readonly Registration[]) {
    this.all = all;
  }

  /** The one resource of this name, of this type where components and children share the name. */
  one(name: string, type?: string): Registration {
    const found = this.all.filter((each) => each.name === name && (!type || each.type === type));
    const [first] = found;
    if (first === undefined || found.length > 1) {
      const names = this.all.map((each) => `${each.name} (${each.type})`).join("\n  ");
      throw new Error(`${found.length} resources named ${name}, need one among\n  ${names}`);
    }
    return first;
  }

  ofType(type: string): Registration[] {
    return this.all.filter((each) => each.type === type);
  }

  /** Resources that a provider makes: all but components. */
  get custom(): Registration[] {
    return this.all.filter((each) => each.custom);
  }

  get steps(): Registration[] {
    return this.ofType("command:local:Command");
  }

  /** Every resource under it, at whatever depth. */
  under(top: Registration): Registration[] {
    return this.all.filter((each) => this.ancestors(each).includes(top));
  }

  /** Its parent, its parent's parent and so on. */
  ancestors(one: Registration): Registration[] {
    const parent = this.all.find(({ urn }) => urn === one.parent);
    return parent === undefined ? [] : [parent, ...this.ancestors(parent)];
  }

  /** Name of what it is deleted with. The engine hands this option on from parent to child. */
  deletedWith(one: Registration): string | undefined {
    const said = [one, ...this.ancestors(one)].find(({ options }) => options.deletedWith !== "");
    return said && nameOf(said.options.deletedWith);
  }

  /**
   * Names of what must be there before it and goes after it: its own dependencies and those of its ancestors, since a
   * child waits for its parent to be registered, and a parent is removed after its children.
   */
  dependencies(one: Registration): string[] {
    const urns = [one, ...this.ancestors(one)].flatMap(({ options }) => options.dependencies);
    return [...new Set(urns.map(nameOf))].sort();
  }

  /** The same, followed to their own dependencies and so on. */
  allDependencies(one: Registration): Set<string> {
    const seen = new Set<string>();
    const follow = (each: Registration) => {
      for (const name of this.dependencies(each)) {
        if (seen.has(name)) continue;
        seen.add(name);
        for (const next of this.all.filter((other) => other.name === name)) follow(next);
      }
    };
    follow(one);
    return seen;
  }

  /** Name of the provider instance that makes it, "" for the default one. */
  provider(one: Registration): string {
    const reference = one.options.provider;
    return reference === "" ? "" : nameOf(reference.slice(0, reference.lastIndexOf("::")));
  }
}

/** The logical name at the end of a URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The environment of a step with its JSON values read. */
export function environmentOf(step: Registration): Record<string, unknown> {
  const environment = step.inputs.environment as Record<string, string>;
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [name, readable(text)]),
  );
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
