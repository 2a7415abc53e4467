package local

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func ptr[T any](value T) *T { return &value }

func TestRunPassesEverythingOn(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("FROM_OUTSIDE", "outer")
	t.Setenv("BOTH", "outer")
	results := Results{}
	script := `pwd; cat; echo "$FROM_OUTSIDE $BOTH $INNER"; echo "to stderr" >&2`
	err := run(t.Context(), script, Settings{
		Dir: &dir, Stdin: ptr("from stdin\n"),
		Environment: &map[string]string{"BOTH": "inner", "INNER": "a b"},
	}, &results)
	if err != nil {
		t.Fatal(err)
	}
	if want := dir + "\nfrom stdin\nouter inner a b"; results.Stdout != want {
		t.Errorf("stdout is %q, want %q", results.Stdout, want)
	}
	if results.Stderr != "to stderr" {
		t.Errorf("stderr is %q", results.Stderr)
	}
}

func TestRunUsesTheInterpreter(t *testing.T) {
	results := Results{}
	settings := Settings{Interpreter: &[]string{"/bin/echo", "script:"}}
	if err := run(t.Context(), "a  b", settings, &results); err != nil {
		t.Fatal(err)
	}
	if results.Stdout != "script: a  b" {
		t.Errorf("got %q", results.Stdout)
	}
}

func TestRunFailureTellsStatusScriptAndOutput(t *testing.T) {
	results := Results{Stdout: "before"}
	err := run(t.Context(), "echo out; echo err >&2; exit 3", Settings{}, &results)
	// The two streams are two pipes: what comes first in one may come last here.
	want := "exit status 3: running \"echo out; echo err >&2; exit 3\":\n"
	if err == nil || (err.Error() != want+"out\nerr\n" && err.Error() != want+"err\nout\n") {
		t.Errorf("got %v, want %q and both streams", err, want)
	}
	if results.Stdout != "before" {
		t.Errorf("a failure changed what is recorded to %q", results.Stdout)
	}
}

func TestRunFailsInAMissingFolder(t *testing.T) {
	err := run(t.Context(), "true", Settings{Dir: ptr("/no/such/folder")}, &Results{})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestPreviousOutputIsInTheEnvironmentUnlessSwitchedOff(t *testing.T) {
	const script = `echo "[$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR]"`
	for _, c := range []struct {
		add  *bool
		want string
	}{{nil, "[o|e]"}, {ptr(true), "[o|e]"}, {ptr(false), "[|]"}} {
		results := Results{Stdout: "o", Stderr: "e"}
		settings := Settings{AddPreviousOutputInEnv: c.add}
		if err := run(t.Context(), script, settings, &results); err != nil {
			t.Fatal(err)
		}
		if results.Stdout != c.want {
			t.Errorf("got %q, want %q", results.Stdout, c.want)
		}
	}
}

func TestCancellingKillsTheProcessGroup(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, "sleep 300 & echo $! > "+file+".new; mv "+file+".new "+file+"; wait",
			Settings{}, &Results{})
	}()
	grandchild := 0
	for deadline := time.Now().Add(10 * time.Second); grandchild == 0; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(file); err == nil {
			grandchild, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		if time.Now().After(deadline) {
			t.Fatal("the script did not start")
		}
	}
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
	case <-time.After(killGrace):
		t.Fatal("the script goes on")
	}
	for deadline := time.Now().Add(5 * time.Second); running(grandchild); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(grandchild, syscall.SIGKILL)
			t.Fatal("a process that the script started goes on")
		}
	}
}

// running tells whether a process lives; one that nobody has waited for yet does not.
func running(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if errors.Is(err, os.ErrNotExist) {
		return syscall.Kill(pid, 0) == nil
	}
	return err == nil && !strings.Contains(string(text), ") Z ")
}
