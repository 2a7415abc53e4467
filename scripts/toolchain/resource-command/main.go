// Command pulumi-resource-command is the Command provider plugin for machines that cannot reach
// Pulumi's downloads. It serves @pulumi/command 1.2.1: local.Command, local.run, remote.Command and
// remote.CopyToRemote, with the behaviour that package documents.
package main

import (
	"context"
	"fmt"
	"os"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"

	"swarm-lab/toolchain/resource-command/local"
	"swarm-lab/toolchain/resource-command/remote"
)

const (
	packageName = "command"
	// The version of @pulumi/command this plugin serves.
	version = "1.2.1"
)

func newProvider() provider.Provider {
	return infer.Provider(infer.Options{
		Metadata: schema.Metadata{
			DisplayName: "Command",
			Description: "Run scripts on this machine or over SSH as Pulumi resources.",
			License:     "Apache-2.0",
		},
		Resources: []infer.InferredResource{
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		},
		Functions: []infer.InferredFunction{
			infer.Function(&local.Run{}),
		},
	})
}

func main() {
	if len(os.Args) > 1 && (os.Args[1] == "-version" || os.Args[1] == "--version") {
		fmt.Println(version)
		return
	}
	if err := newProvider().Run(context.Background(), packageName, version); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
