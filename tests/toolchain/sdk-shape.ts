import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Field, Fields, Shape } from "./shape.ts";

const KEYWORDS: ReadonlyMap<ts.SyntaxKind, Shape> = new Map([
  [ts.SyntaxKind.StringKeyword, { kind: "string" }],
  [ts.SyntaxKind.NumberKeyword, { kind: "number" }],
  [ts.SyntaxKind.BooleanKeyword, { kind: "boolean" }],
  [ts.SyntaxKind.AnyKeyword, { kind: "any" }],
]);

/** Reads an SDK's declarations: what its classes take and give, down to the last nested field. */
export class Sdk {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;
  readonly #root: string;

  constructor(name: string) {
    const require = createRequire(import.meta.url);
    this.#root = dirname(require.resolve(`${name}/package.json`));
    this.#program = ts.createProgram([join(this.#root, "index.d.ts")], { skipLibCheck: true });
    this.#checker = this.#program.getTypeChecker();
  }

  /** The fields of `<Class>Args` in a file of the SDK such as `local/command`. */
  inputs(file: string, name: string): Fields {
    const found = this.#declaration(file, name, ts.isInterfaceDeclaration);
    return this.#fields(found.members.filter(ts.isPropertySignature));
  }

  /** The properties of a resource class. */
  outputs(file: string, name: string): Fields {
    const found = this.#declaration(file, name, ts.isClassDeclaration);
    const properties = found.members.filter(ts.isPropertyDeclaration);
    return this.#fields(properties.filter((property) => !isStatic(property)));
  }

  #declaration<T extends ts.DeclarationStatement>(
    file: string,
    name: string,
    is: (node: ts.Node) => node is T,
  ): T {
    const source = this.#program.getSourceFile(join(this.#root, `${file}.d.ts`));
    const found = source?.statements.filter(is).find((node) => node.name?.text === name);
    if (found === undefined) throw new Error(`${this.#root}: no ${name} in ${file}.d.ts`);
    return found;
  }

  #fields(members: readonly (ts.PropertySignature | ts.PropertyDeclaration)[]): Fields {
    const fields = new Map<string, Field>();
    for (const member of members) {
      if (member.type === undefined) throw new Error(`${member.name.getText()}: no type`);
      const { shape, optional } = this.#read(member.type);
      const left = member.questionToken !== undefined;
      fields.set(member.name.getText(), { shape, optional: optional || left });
    }
    return fields;
  }

  /** Reads a type through `Input`, `Output` and `| undefined`. */
  #read(node: ts.TypeNode): Field {
    if (ts.isUnionTypeNode(node)) return this.#readUnion(node);
    if (ts.isArrayTypeNode(node))
      return required({ kind: "list", of: this.#read(node.elementType).shape });
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      if (index === undefined) throw new Error(`${node.getText()}: no index signature`);
      return required({ kind: "map", of: this.#read(index.type).shape });
    }
    if (ts.isTypeReferenceNode(node)) return this.#readReference(node);
    const shape = KEYWORDS.get(node.kind);
    if (shape === undefined) throw new Error(`cannot read the type ${node.getText()}`);
    return required(shape);
  }

  #readUnion(node: ts.UnionTypeNode): Field {
    const given = node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword);
    const optional = given.length < node.types.length;
    const kinds = given.map((type) => this.#read(type).shape);
    const [first, ...others] = kinds;
    if (first === undefined || others.some((shape) => shape.kind !== first.kind))
      throw new Error(`cannot read the union ${node.getText()}`);
    return { shape: first, optional };
  }

  #readReference(node: ts.TypeReferenceNode): Field {
    const name = node.typeName.getText();
    const argument = node.typeArguments?.[0];
    if (/^pulumi\.(Input|Output)$/.test(name) && argument !== undefined)
      return this.#read(argument);
    if (/^pulumi\.asset\./.test(name)) return required({ kind: "asset" });
    if (/^enums\./.test(name)) return required({ kind: "string" });
    const symbol = this.#checker.getSymbolAtLocation(node.typeName);
    const found = symbol?.declarations?.find(ts.isInterfaceDeclaration);
    if (found === undefined) throw new Error(`${name}: no interface of that name`);
    return required({
      kind: "object",
      fields: this.#fields(found.members.filter(ts.isPropertySignature)),
    });
  }
}

const required = (shape: Shape): Field => ({ shape, optional: false });

const isStatic = (node: ts.PropertyDeclaration): boolean =>
  node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword) ?? false;
