package remote

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says which of a script's streams are shown while it runs. Both are unless it is given.
type Logging string

const (
	logStdout          Logging = "stdout"
	logStderr          Logging = "stderr"
	logStdoutAndStderr Logging = "stdoutAndStderr"
	logNone            Logging = "none"
)

// Values lists the modes in the plugin's schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "stdout", Value: logStdout, Description: "Capture stdout in logs but not stderr"},
		{Name: "stderr", Value: logStderr, Description: "Capture stderr in logs but not stdout"},
		{Name: "stdoutAndStderr", Value: logStdoutAndStderr, Description: "Capture stdout and stderr in logs"},
		{Name: "none", Value: logNone, Description: "Capture no logs"},
	}
}

func (l *Logging) showsStdout() bool {
	return l == nil || *l == logStdout || *l == logStdoutAndStderr
}

func (l *Logging) showsStderr() bool {
	return l == nil || *l == logStderr || *l == logStdoutAndStderr
}
