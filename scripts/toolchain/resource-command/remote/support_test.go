package remote

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"testing"

	"golang.org/x/crypto/ssh"

	"swarm-lab/toolchain/resource-command/internal/sshtest"
)

func ptr[T any](value T) *T { return &value }

// noAgent keeps the agent of whoever runs the tests out of them.
func noAgent(t *testing.T) { t.Setenv("SSH_AUTH_SOCK", "") }

func open(t *testing.T) *sshtest.Server {
	noAgent(t)
	return sshtest.Start(t, &sshtest.Server{User: "root", Password: "pw", AcceptEnv: []string{"GREETING"}})
}

// to is a connection with the defaults that the engine fills in.
func to(server *sshtest.Server) *Connection {
	return &Connection{endpoint: endpoint{
		User: ptr("root"), Password: ptr(server.Password), Host: &server.Host, Port: &server.Port,
		DialErrorLimit: ptr(0), PerDialTimeout: ptr(5),
	}}
}

// keyPair makes a key, written as OpenSSH does, encrypted when there is a password.
func keyPair(t *testing.T, password string) (ssh.PublicKey, string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if password != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(password))
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return key, string(pem.EncodeToMemory(block))
}
