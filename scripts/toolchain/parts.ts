/** One executable of the toolchain and how it is built. */
export interface Part {
  /** Folder of its Go module, beside this file. */
  readonly folder: string;
  /** What people call it. */
  readonly title: string;
  /** The Go package to build, within or from the module. */
  readonly package: string;
  /** Where the executable goes, below the toolchain's folder. */
  readonly target: string;
  readonly tags?: string;
  /** Arguments it is started with before those of its caller. */
  readonly arguments?: readonly string[];
  /** Linker flags beside those all parts share. */
  readonly linker?: string;
  /** Set when a module has to be unpacked and fitted with `shim/` before it can be imported. */
  readonly shimmed?: string;
}

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/**
 * What is built, in this order: the language host is small to fetch, so that its compile hides the fetching of the
 * CLI's modules; the CLI's compile hides the rest, and leaves compiled most of what the plugins share with it.
 *
 * Versions of Pulumi's modules are exact ones that a module proxy serves without listing them. The language host is of
 * the last line of versions whose module holds it; it serves @pulumi/pulumi 3.256. It has the options of Pulumi.yaml
 * from its arguments, and today's CLI sends them another way: without this it brings ts-node and a compiler, half a second of
 * every preview, that the program does not ask for.
 */
export const PARTS: readonly Part[] = [
  {
    folder: "language-nodejs",
    title: "Pulumi's Node language host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    target: "bin/pulumi-language-nodejs",
    arguments: ["-typescript=false"],
  },
  {
    folder: "cli",
    title: "Pulumi 3.256.0",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    target: "bin/pulumi",
    linker: `-X ${VERSION_VARIABLE}=v3.256.0`,
  },
  {
    folder: "resource-docker",
    title: "Pulumi's docker plugin 5.2.0",
    package: ".",
    target: "plugins/resource-docker-v5.2.0/pulumi-resource-docker",
    // Leaves out Docker Compose, which @pulumi/docker has no resource for.
    tags: "no_compose",
    shimmed: "github.com/terraform-providers/terraform-provider-docker",
  },
  {
    folder: "resource-command",
    title: "Pulumi's command plugin 1.2.1",
    package: ".",
    target: "plugins/resource-command-v1.2.1/pulumi-resource-command",
  },
];
