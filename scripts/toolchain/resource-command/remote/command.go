package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
)

// Command is the resource command:remote:Command.
type Command struct{}

// CommandArgs are a Command's inputs.
type CommandArgs struct {
	lifecycle.Scripts
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *Logging          `pulumi:"logging,optional"`
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Environment            map[string]string `pulumi:"environment,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Annotate describes the inputs in the plugin's schema.
func (c *CommandArgs) Annotate(a infer.Annotator) {
	a.Describe(&c.Stdin, "What the script reads from standard input.")
	a.Describe(&c.Logging, "Which streams are shown while the script runs. Both, by default.")
	a.Describe(&c.Connection, "How to reach the machine.")
	a.Describe(&c.Environment, "Variables for the script. The machine's SSH server must accept them "+
		"(AcceptEnv).")
	a.Describe(&c.AddPreviousOutputInEnv, "Whether what the step before printed is in "+
		"PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. It is by default, where the machine's SSH "+
		"server accepts them.")
}

// Results are a Command's outputs.
type Results struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// CommandState is what is recorded of a Command: its inputs and its outputs.
type CommandState struct {
	CommandArgs
	Results
}

// Annotate describes the resource in the plugin's schema.
func (c *Command) Annotate(a infer.Annotator) {
	a.Describe(&c, "Scripts that run on another machine, over SSH, as steps of a resource's life.")
}

// Create runs the create script, except in a preview.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandArgs],
) (infer.CreateResponse[CommandState], error) {
	state := CommandState{CommandArgs: req.Inputs}
	id, err := lifecycle.NewID(req.Name)
	if err == nil && !req.DryRun && req.Inputs.Create != nil {
		err = state.run(ctx, *req.Inputs.Create)
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
		err = state.run(ctx, *script)
	}
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

// Delete runs the delete script as it was recorded, on the machine and with the inputs recorded
// with it.
func (*Command) Delete(
	ctx context.Context, req infer.DeleteRequest[CommandState],
) (infer.DeleteResponse, error) {
	state := req.State
	if state.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	return infer.DeleteResponse{}, state.run(ctx, *state.Delete)
}
