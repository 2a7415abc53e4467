package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Run is the function command:local:run. It runs its script on every call, in previews too.
type Run struct{}

// RunArgs are the function's inputs.
type RunArgs struct {
	Settings
	Command string `pulumi:"command"`
}

// RunResult is what the function returns: its inputs and its outputs.
type RunResult struct {
	RunArgs
	Results
}

// Annotate describes the function in the plugin's schema.
func (r *Run) Annotate(a infer.Annotator) {
	a.Describe(&r, "Runs a script on this machine, on every call and in previews too.")
}

// Annotate describes the inputs in the plugin's schema.
func (r *RunArgs) Annotate(a infer.Annotator) {
	a.Describe(&r.Command, "The script to run.")
}

// Invoke runs the script.
func (*Run) Invoke(
	ctx context.Context, req infer.FunctionRequest[RunArgs],
) (infer.FunctionResponse[RunResult], error) {
	result := RunResult{RunArgs: req.Input}
	err := run(ctx, req.Input.Command, result.Settings, &result.Results)
	return infer.FunctionResponse[RunResult]{Output: result}, err
}
