package main

import (
	"context"
	"encoding/json"
	"fmt"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"swarm-lab/toolchain/resource-docker/engine"
)

// server is the bridge, and what the official plugin does around it.
type server struct {
	rpc.ResourceProviderServer
}

// Configure fails when the engine does not answer: the official plugin does too, however little the
// program asks of the engine.
func (s *server) Configure(
	ctx context.Context, req *rpc.ConfigureRequest,
) (*rpc.ConfigureResponse, error) {
	if err := engine.Require(ctx, engine.SettingsFrom(req.GetVariables())); err != nil {
		return nil, err
	}
	return s.ResourceProviderServer.Configure(ctx, req)
}

// GetSchema describes what the plugin serves.
func (s *server) GetSchema(
	_ context.Context, req *rpc.GetSchemaRequest,
) (*rpc.GetSchemaResponse, error) {
	if v := req.GetVersion(); v != 0 {
		return nil, fmt.Errorf("unsupported schema version %d", v)
	}
	text, err := json.Marshal(packageSchema(providerInfo()))
	if err != nil {
		return nil, fmt.Errorf("cannot write the schema: %w", err)
	}
	return &rpc.GetSchemaResponse{Schema: string(text)}, nil
}
