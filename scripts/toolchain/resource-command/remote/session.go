package remote

import (
	"context"
	"fmt"
	"strings"

	provider "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
	"swarm-lab/toolchain/resource-command/internal/output"
)

// run runs one script on the machine and records what it printed. What is recorded stays as it is
// when the script fails.
func (c *CommandState) run(ctx context.Context, script string) error {
	client, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	defer session.Close()
	if err := c.setEnvironment(ctx, session); err != nil {
		return err
	}
	if c.Stdin != nil && *c.Stdin != "" {
		session.Stdin = strings.NewReader(*c.Stdin)
	}

	capture := output.New(
		provider.GetLogger(ctx).InfoStatus, c.Logging.showsStdout(), c.Logging.showsStderr())
	session.Stdout, session.Stderr = capture.Stdout(), capture.Stderr()
	err = runUntil(ctx, client, session, script)
	capture.Close()
	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, script, capture.Combined())
	}
	c.Stdout, c.Stderr = capture.Texts()
	return nil
}

// runUntil runs the script; when ctx ends first it asks the machine to kill it and hangs up.
func runUntil(ctx context.Context, client *client, session *ssh.Session, script string) error {
	stop := context.AfterFunc(ctx, func() {
		// Hanging up ends it too, on servers that know no signals.
		if err := session.Signal(ssh.SIGKILL); err != nil {
			provider.GetLogger(ctx).Debugf("could not signal the remote script: %v", err)
		}
		client.Close()
	})
	err := session.Run(script)
	if !stop() {
		return ctx.Err()
	}
	return err
}

// setEnvironment hands over the variables. The caller's own must be accepted; where what the step
// before printed is not, that is a warning.
func (c *CommandState) setEnvironment(ctx context.Context, session *ssh.Session) error {
	const why = "unable to set %q: the SSH server must accept it (AcceptEnv); " +
		"or pass it on standard input, or begin the script with VAR=value"
	for name, value := range c.Environment {
		if err := session.Setenv(name, value); err != nil {
			provider.GetLogger(ctx).Errorf(why, name)
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	if !lifecycle.PassesPrevious(c.AddPreviousOutputInEnv) {
		return nil
	}
	for name, value := range map[string]string{
		lifecycle.PreviousStdout: c.Stdout, lifecycle.PreviousStderr: c.Stderr,
	} {
		if value == "" {
			continue
		}
		if err := session.Setenv(name, value); err != nil {
			provider.GetLogger(ctx).Warningf(why, name)
		}
	}
	return nil
}
