package remote

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"swarm-lab/toolchain/resource-command/internal/sshtest"
)

func dials(t *testing.T, c *Connection) error {
	t.Helper()
	client, err := c.dial(t.Context())
	if err == nil {
		client.Close()
	}
	return err
}

func TestDialProvesWhoComes(t *testing.T) {
	noAgent(t)
	plain, plainText := keyPair(t, "")
	locked, lockedText := keyPair(t, "open")
	server := sshtest.Start(t, &sshtest.Server{
		User: "root", Password: "pw", Keys: []ssh.PublicKey{plain, locked}})
	_, unknownText := keyPair(t, "")
	for name, c := range map[string]struct {
		set  func(*Connection)
		want string
	}{
		"password":       {func(*Connection) {}, ""},
		"wrong password": {func(c *Connection) { c.Password = ptr("no") }, "unable to authenticate"},
		"other user":     {func(c *Connection) { c.User = ptr("eve") }, "unable to authenticate"},
		"key":            {func(c *Connection) { c.Password, c.PrivateKey = nil, &plainText }, ""},
		"unknown key":    {func(c *Connection) { c.Password, c.PrivateKey = nil, &unknownText }, "unable to authenticate"},
		"encrypted key": {func(c *Connection) {
			c.Password, c.PrivateKey, c.PrivateKeyPassword = nil, &lockedText, ptr("open")
		}, ""},
		"encrypted key without its password": {func(c *Connection) { c.PrivateKey = &lockedText }, "passphrase"},
		"no key":                             {func(c *Connection) { c.PrivateKey = ptr("not a key") }, "no key found"},
	} {
		c0 := to(server)
		c.set(c0)
		err := dials(t, c0)
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestDialChecksTheHostKey(t *testing.T) {
	server := open(t)
	other, _ := keyPair(t, "")
	for _, c := range []struct {
		key  string
		want string
	}{
		{string(ssh.MarshalAuthorizedKey(server.HostKey)), ""},
		{string(ssh.MarshalAuthorizedKey(other)), "host key mismatch"},
		{"nonsense", "failed to parse host key"},
	} {
		connection := to(server)
		connection.HostKey = &c.key
		err := dials(t, connection)
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%.20q: got %v, want %q", c.key, err, c.want)
		}
	}
}

func TestDialUsesAnAgent(t *testing.T) {
	noAgent(t)
	public, text := keyPair(t, "")
	key, err := ssh.ParseRawPrivateKey([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	keyring := agent.NewKeyring()
	if err := keyring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(keyring, connection) }()
		}
	}()
	server := sshtest.Start(t, &sshtest.Server{User: "root", Keys: []ssh.PublicKey{public}})
	connection := to(server)
	connection.Password = nil
	if err := dials(t, connection); err == nil {
		t.Error("entered without any proof")
	}
	connection.AgentSocketPath = &socket
	if err := dials(t, connection); err != nil {
		t.Error(err)
	}
	connection.AgentSocketPath = nil
	t.Setenv("SSH_AUTH_SOCK", socket)
	if err := dials(t, connection); err != nil {
		t.Error(err)
	}
	connection.AgentSocketPath = ptr(filepath.Join(t.TempDir(), "none"))
	if err := dials(t, connection); err == nil {
		t.Error("an agent that is named and not there is passed over")
	}
}

func TestDialThroughAProxy(t *testing.T) {
	target, proxy := open(t), sshtest.Start(t, &sshtest.Server{User: "root", Password: "proxy"})
	connection := to(target)
	connection.Proxy = &ProxyConnection{to(proxy).endpoint}
	if err := dials(t, connection); err != nil {
		t.Fatal(err)
	}
	if through := proxy.Forwarded(); len(through) != 1 {
		t.Errorf("dialled %v through the proxy", through)
	}
	connection.Proxy.Password = ptr("wrong")
	if err := dials(t, connection); err == nil || !strings.HasPrefix(err.Error(), "proxy: ") {
		t.Errorf("got %v", err)
	}
}

func TestDialTriesUpToItsLimit(t *testing.T) {
	noAgent(t)
	var attempts atomic.Int32
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			attempts.Add(1)
			connection.Close()
		}
	}()
	port := float64(listener.Addr().(*net.TCPAddr).Port)
	connection := &Connection{endpoint: endpoint{
		User: ptr("root"), Host: ptr("127.0.0.1"), Port: &port, DialErrorLimit: ptr(2), PerDialTimeout: ptr(5)}}
	err = dials(t, connection)
	if err == nil || !strings.Contains(err.Error(), "after 3 failed attempts") || attempts.Load() != 3 {
		t.Errorf("got %v after %d attempts", err, attempts.Load())
	}

	connection.DialErrorLimit = ptr(-1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	attempts.Store(0)
	if _, err := connection.dial(ctx); err == nil || attempts.Load() < 3 {
		t.Errorf("got %v after %d attempts, want to be stopped by the deadline", err, attempts.Load())
	}
}

func TestDialGivesUpOnASilentServer(t *testing.T) {
	noAgent(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := float64(listener.Addr().(*net.TCPAddr).Port)
	connection := &Connection{endpoint: endpoint{
		User: ptr("root"), Host: ptr("127.0.0.1"), Port: &port, DialErrorLimit: ptr(0), PerDialTimeout: ptr(1)}}
	start := time.Now()
	if err := dials(t, connection); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("one attempt of at most 1 s took %v", took)
	}
}
