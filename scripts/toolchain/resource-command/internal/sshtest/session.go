package sshtest

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// session answers the requests of one session: variables, then one script or SFTP.
func (s *Server) session(offer ssh.NewChannel) {
	channel, requests, err := offer.Accept()
	if err != nil {
		return
	}
	var env []string
	var cmd *exec.Cmd
	for request := range requests {
		ok := false
		switch request.Type {
		case "env":
			var pair struct{ Name, Value string }
			_ = ssh.Unmarshal(request.Payload, &pair)
			if ok = s.accepts(pair.Name); ok {
				env = append(env, pair.Name+"="+pair.Value)
			}
		case "exec":
			var line struct{ Script string }
			_ = ssh.Unmarshal(request.Payload, &line)
			cmd, ok = start(channel, line.Script, env), true
		case "signal":
			var signal struct{ Name string }
			_ = ssh.Unmarshal(request.Payload, &signal)
			s.mu.Lock()
			s.signals = append(s.signals, signal.Name)
			s.mu.Unlock()
			if cmd != nil && signal.Name == "KILL" {
				_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			}
		case "subsystem":
			var name struct{ Name string }
			_ = ssh.Unmarshal(request.Payload, &name)
			if ok = name.Name == "sftp"; ok {
				go serveFiles(channel)
			}
		}
		if request.WantReply {
			_ = request.Reply(ok, nil)
		}
	}
}

// start runs a script and closes the channel with its exit status.
func start(channel ssh.Channel, script string, env []string) *exec.Cmd {
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = channel, channel.Stderr()
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		panic(err)
	}
	go func() {
		_, _ = io.Copy(input, channel)
		input.Close()
	}()
	go func() {
		status := uint32(0)
		var exit *exec.ExitError
		if err := cmd.Wait(); errors.As(err, &exit) {
			status = uint32(exit.ExitCode())
		}
		_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
		channel.Close()
	}()
	return cmd
}

func serveFiles(channel ssh.Channel) {
	defer channel.Close()
	server, err := sftp.NewServer(channel)
	if err != nil {
		panic(err)
	}
	_ = server.Serve()
}

// forward passes a connection on, as a bastion does.
func (s *Server) forward(offer ssh.NewChannel) {
	var target struct {
		Host       string
		Port       uint32
		Origin     string
		OriginPort uint32
	}
	_ = ssh.Unmarshal(offer.ExtraData(), &target)
	address := net.JoinHostPort(target.Host, strconv.Itoa(int(target.Port)))
	s.mu.Lock()
	s.forwarded = append(s.forwarded, address)
	s.mu.Unlock()
	outward, err := net.Dial("tcp", address)
	if err != nil {
		_ = offer.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	defer outward.Close()
	channel, requests, err := offer.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	go func() {
		_, _ = io.Copy(outward, channel)
		outward.Close()
	}()
	_, _ = io.Copy(channel, outward)
	channel.Close()
}
