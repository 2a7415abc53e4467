import { registerHooks } from "node:module";

/**
 * What Pulumi's SDK loads to put functions of a program into its state: a compiler, and npm's reader of node_modules. A
 * policy pack has no such functions, and the two are three quarters of its start.
 */
const UNUSED = ["typescript", "@npmcli/arborist"];
const ABSENT = new URL("absent.cjs", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    UNUSED.includes(specifier)
      ? { url: ABSENT, format: "commonjs", shortCircuit: true }
      : next(specifier, context),
});
