// Package local runs scripts on the machine Pulumi runs on.
package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
)

// Settings are the inputs of everything that runs here.
type Settings struct {
	Stdin                  *string            `pulumi:"stdin,optional"`
	Logging                *Logging           `pulumi:"logging,optional"`
	Interpreter            *[]string          `pulumi:"interpreter,optional"`
	Dir                    *string            `pulumi:"dir,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	AssetPaths             *[]string          `pulumi:"assetPaths,optional"`
	ArchivePaths           *[]string          `pulumi:"archivePaths,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
}

// Annotate describes the inputs in the plugin's schema.
func (s *Settings) Annotate(a infer.Annotator) {
	a.Describe(&s.Stdin, "What the script reads from standard input.")
	a.Describe(&s.Logging, "Which streams are shown while the script runs. Both, by default.")
	a.Describe(&s.Interpreter, "The program, with arguments, that gets the script as its last argument: "+
		"`[\"/bin/sh\", \"-c\"]` by default.")
	a.Describe(&s.Dir, "The directory to run in, which must exist.")
	a.Describe(&s.Environment, "Variables added to the environment.")
	a.Describe(&s.AssetPaths, "Globs of files to return one by one after the script; `!` excludes.")
	a.Describe(&s.ArchivePaths, "Globs of files to return as one archive after the script; `!` excludes.")
	a.Describe(&s.AddPreviousOutputInEnv, "Whether what the step before printed is in "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. It is by default.")
}

// Results are the outputs of everything that runs here.
type Results struct {
	Stdout  string                            `pulumi:"stdout"`
	Stderr  string                            `pulumi:"stderr"`
	Assets  *map[string]*types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *resource.Archive                 `pulumi:"archive,optional"`
}

// Command is the resource command:local:Command.
type Command struct{}

// CommandArgs are a Command's inputs.
type CommandArgs struct {
	lifecycle.Scripts
	Settings
}

// CommandState is what is recorded of a Command: its inputs and its outputs.
type CommandState struct {
	CommandArgs
	Results
}

// Annotate describes the resource in the plugin's schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "Scripts that run on this machine as steps of a resource's life.")
}

// Create runs the create script, except in a preview.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandArgs],
) (infer.CreateResponse[CommandState], error) {
	state := CommandState{CommandArgs: req.Inputs}
	id, err := lifecycle.NewID(req.Name)
	if err == nil && !req.DryRun && req.Inputs.Create != nil {
		err = run(ctx, *req.Inputs.Create, state.Settings, &state.Results)
	}
	return infer.CreateResponse[CommandState]{ID: id, Output: state}, err
}

// Update runs the update script, or the create script where there is none, except in a preview.
func (*Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandArgs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	var err error
	state := CommandState{CommandArgs: req.Inputs, Results: req.State.Results}
	if script := req.Inputs.OnUpdate(); script != nil && !req.DryRun {
		err = run(ctx, *script, state.Settings, &state.Results)
	}
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

// Delete runs the delete script as it was recorded, with the inputs recorded with it.
func (*Command) Delete(
	ctx context.Context, req infer.DeleteRequest[CommandState],
) (infer.DeleteResponse, error) {
	state := req.State
	if state.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	return infer.DeleteResponse{}, run(ctx, *state.Delete, state.Settings, &state.Results)
}
