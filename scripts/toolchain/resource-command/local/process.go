package local

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
	"swarm-lab/toolchain/resource-command/internal/output"
)

// How long a killed script's output may stay open: a process that left the script's process group
// can hold it for ever.
const killGrace = 5 * time.Second

// run runs one script and puts what it printed, and the files it is to return, into results, which
// hold what the step before printed. They stay as they are when the script fails.
func run(ctx context.Context, script string, settings Settings, results *Results) error {
	dir, err := directory(settings.Dir)
	if err != nil {
		return err
	}
	capture := output.New(
		provider.GetLogger(ctx).InfoStatus,
		settings.Logging.showsStdout(), settings.Logging.showsStderr())

	command := interpreter(settings.Interpreter)
	cmd := exec.Command(command[0], append(command[1:], script)...)
	cmd.Dir = dir
	cmd.Env = environment(settings, results)
	cmd.Stdout, cmd.Stderr = capture.Stdout(), capture.Stderr()
	if settings.Stdin != nil && *settings.Stdin != "" {
		cmd.Stdin = strings.NewReader(*settings.Stdin)
	}
	err = runGroup(ctx, cmd)
	capture.Close()
	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, script, capture.Combined())
	}

	assets, archive, err := collect(dir, settings)
	if err != nil {
		return err
	}
	if assets != nil {
		results.Assets = assets
	}
	if archive != nil {
		results.Archive = archive
	}
	results.Stdout, results.Stderr = capture.Texts()
	return nil
}

// runGroup runs cmd in a process group of its own and kills the whole group when ctx ends.
func runGroup(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("%w, and the process group could not be killed: %w", ctx.Err(), err)
		}
		select {
		case <-ended:
		case <-time.After(killGrace):
		}
		return ctx.Err()
	}
}

func interpreter(given *[]string) []string {
	if given != nil && len(*given) > 0 {
		return append([]string{}, *given...)
	}
	return []string{"/bin/sh", "-c"}
}

func directory(given *string) (string, error) {
	if given != nil {
		return *given, nil
	}
	return os.Getwd()
}

// environment is the plugin's own, then the settings', then what the step before printed; of a
// variable given twice the last one counts.
func environment(settings Settings, previous *Results) []string {
	env := os.Environ()
	if settings.Environment != nil {
		for name, value := range *settings.Environment {
			env = append(env, name+"="+value)
		}
	}
	if !lifecycle.PassesPrevious(settings.AddPreviousOutputInEnv) {
		return env
	}
	if previous.Stdout != "" {
		env = append(env, lifecycle.PreviousStdout+"="+previous.Stdout)
	}
	if previous.Stderr != "" {
		env = append(env, lifecycle.PreviousStderr+"="+previous.Stderr)
	}
	return env
}
