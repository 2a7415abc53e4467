// Command pulumi-resource-docker is the Docker provider plugin for machines that cannot reach
// Pulumi's downloads: the same upstream provider as the official plugin, over the same bridge.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The version of @pulumi/docker this plugin serves.
const version = "5.2.0"

func main() {
	if len(os.Args) > 1 && (os.Args[1] == "-version" || os.Args[1] == "--version") {
		fmt.Println(version)
		return
	}
	err := provider.Main(packageName, func(host *provider.HostClient) (rpc.ResourceProviderServer, error) {
		info := providerInfo()
		bridge := tfbridge.NewProvider(
			context.Background(), host, packageName, version, info.P, info, nil)
		return &server{ResourceProviderServer: bridge}, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
