package remote

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
)

func TestRunPassesEverythingOn(t *testing.T) {
	server := open(t)
	state := CommandState{CommandArgs: CommandArgs{
		Connection: to(server), Stdin: ptr("from stdin\n"), Environment: map[string]string{"GREETING": "hi"}}}
	if err := state.run(t.Context(), `cat; echo "$GREETING"; echo e >&2`); err != nil {
		t.Fatal(err)
	}
	if state.Stdout != "from stdin\nhi" || state.Stderr != "e" {
		t.Errorf("got %q and %q", state.Stdout, state.Stderr)
	}
}

func TestRunFailureTellsStatusScriptAndOutput(t *testing.T) {
	state := CommandState{CommandArgs: CommandArgs{Connection: to(open(t))}, Results: Results{Stdout: "before"}}
	err := state.run(t.Context(), "echo why >&2; exit 3")
	want := "Process exited with status 3: running \"echo why >&2; exit 3\":\nwhy\n"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
	if state.Stdout != "before" {
		t.Errorf("a failure changed what is recorded to %q", state.Stdout)
	}
}

func TestRefusedVariableFails(t *testing.T) {
	state := CommandState{CommandArgs: CommandArgs{
		Connection: to(open(t)), Environment: map[string]string{"OTHER": "x"}}}
	err := state.run(t.Context(), "true")
	if err == nil || !strings.Contains(err.Error(), `could not set environment variable "OTHER"`) {
		t.Errorf("got %v", err)
	}
}

func TestPreviousOutputIsPassedWhereAccepted(t *testing.T) {
	server := open(t)
	state := CommandState{
		CommandArgs: CommandArgs{Connection: to(server)}, Results: Results{Stdout: "o", Stderr: "e"}}
	const script = `echo "[$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR]"; echo e >&2`
	// Refused, that is no failure.
	if err := state.run(t.Context(), script); err != nil || state.Stdout != "[|]" {
		t.Errorf("got %q, %v", state.Stdout, err)
	}
	server.AcceptEnv = []string{lifecycle.PreviousStdout, lifecycle.PreviousStderr}
	if err := state.run(t.Context(), script); err != nil || state.Stdout != "[[|]|e]" {
		t.Errorf("got %q, %v", state.Stdout, err)
	}
	state.AddPreviousOutputInEnv = ptr(false)
	if err := state.run(t.Context(), script); err != nil || state.Stdout != "[|]" {
		t.Errorf("got %q, %v", state.Stdout, err)
	}
}

func TestCancellingKillsTheRemoteScript(t *testing.T) {
	server, begun := open(t), filepath.Join(t.TempDir(), "begun")
	state := CommandState{CommandArgs: CommandArgs{Connection: to(server)}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- state.run(ctx, "touch "+begun+"; sleep 300") }()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(begun); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the script did not start")
		}
	}
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the script goes on")
	}
	for deadline := time.Now().Add(5 * time.Second); !slices.Contains(server.Signals(), "KILL"); {
		if time.Now().After(deadline) {
			t.Fatalf("the script was sent %v", server.Signals())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestLife(t *testing.T) {
	server, log := open(t), filepath.Join(t.TempDir(), "log")
	word := func(w string) *string { return ptr("echo " + w + " >> " + log) }
	args := CommandArgs{Connection: to(server)}
	args.Create, args.Delete = word("create"), word("delete")
	created, err := (&Command{}).Create(t.Context(), infer.CreateRequest[CommandArgs]{Name: "it", Inputs: args})
	if err != nil {
		t.Fatal(err)
	}
	changed := args
	changed.Update, changed.Delete = word("update"), word("final")
	updated, err := (&Command{}).Update(t.Context(), infer.UpdateRequest[CommandArgs, CommandState]{
		ID: created.ID, State: created.Output, Inputs: changed})
	if err != nil {
		t.Fatal(err)
	}
	gone := infer.DeleteRequest[CommandState]{ID: created.ID, State: updated.Output}
	if _, err := (&Command{}).Delete(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	preview := infer.CreateRequest[CommandArgs]{Name: "it", Inputs: args, DryRun: true}
	if _, err := (&Command{}).Create(t.Context(), preview); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(log); err != nil || string(text) != "create\nupdate\nfinal\n" {
		t.Errorf("ran %q, %v", text, err)
	}
}
