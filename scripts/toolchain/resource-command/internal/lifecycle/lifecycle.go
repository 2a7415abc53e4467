// Package lifecycle holds what local and remote commands share: which script runs at which step.
package lifecycle

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Environment variables in which a script finds what the step before it printed.
const (
	PreviousStdout = "PULUMI_COMMAND_STDOUT"
	PreviousStderr = "PULUMI_COMMAND_STDERR"
)

// Scripts are the inputs that say what to run when.
type Scripts struct {
	Triggers *[]any  `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
}

// Annotate describes the inputs in the plugin's schema.
func (s *Scripts) Annotate(a infer.Annotator) {
	a.Describe(&s.Triggers, "Values of any type; the resource is replaced when one changes.")
	a.Describe(&s.Create, "The script to run when the resource is created.")
	a.Describe(&s.Update, "The script to run when an input changes; `create` runs again without it.")
	a.Describe(&s.Delete, "The script to run when the resource is deleted, as it was last recorded.")
}

// OnUpdate is the script an update runs; nil when there is none.
func (s *Scripts) OnUpdate() *string {
	if s.Update != nil {
		return s.Update
	}
	return s.Create
}

// NewID makes the id of a new resource from its logical name, which may be empty.
func NewID(name string) (string, error) {
	return resource.NewUniqueHex(name, 8, 0)
}

// PassesPrevious tells whether the output of the step before goes into the environment: it does
// unless that is switched off.
func PassesPrevious(addPreviousOutputInEnv *bool) bool {
	return addPreviousOutputInEnv == nil || *addPreviousOutputInEnv
}
