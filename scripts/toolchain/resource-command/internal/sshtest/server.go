// Package sshtest is an SSH server on loopback for tests: it really runs what it is asked to.
package sshtest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
)

// Server is one running server.
type Server struct {
	// User and Password open it; a key in Keys does too.
	User, Password string
	Keys           []ssh.PublicKey
	// AcceptEnv are the variables it takes, as sshd's AcceptEnv.
	AcceptEnv []string

	Host    string
	Port    float64
	HostKey ssh.PublicKey

	mu        sync.Mutex
	forwarded []string
	signals   []string
}

// Start starts a server that ends with the test.
func Start(t *testing.T, server *Server) *Server {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PasswordCallback: server.checkPassword, PublicKeyCallback: server.checkKey}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	address := listener.Addr().(*net.TCPAddr)
	server.Host, server.Port, server.HostKey = "127.0.0.1", float64(address.Port), signer.PublicKey()
	go func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			go server.serve(raw, config)
		}
	}()
	return server
}

// Forwarded are the addresses that were dialled through this server.
func (s *Server) Forwarded() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.forwarded...)
}

// Signals are the signals that scripts were sent.
func (s *Server) Signals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.signals...)
}

func (s *Server) checkPassword(meta ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
	if s.Password != "" && meta.User() == s.User && string(password) == s.Password {
		return nil, nil
	}
	return nil, errors.New("wrong password")
}

func (s *Server) checkKey(meta ssh.ConnMetadata, offered ssh.PublicKey) (*ssh.Permissions, error) {
	for _, known := range s.Keys {
		if meta.User() == s.User && bytes.Equal(known.Marshal(), offered.Marshal()) {
			return nil, nil
		}
	}
	return nil, errors.New("unknown key")
}

func (s *Server) accepts(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	for _, accepted := range s.AcceptEnv {
		if accepted == name {
			return true
		}
	}
	return false
}

func (s *Server) serve(raw net.Conn, config *ssh.ServerConfig) {
	connection, channels, requests, err := ssh.NewServerConn(raw, config)
	if err != nil {
		return
	}
	defer connection.Close()
	go ssh.DiscardRequests(requests)
	for channel := range channels {
		switch channel.ChannelType() {
		case "session":
			go s.session(channel)
		case "direct-tcpip":
			go s.forward(channel)
		default:
			_ = channel.Reject(ssh.UnknownChannelType, channel.ChannelType())
		}
	}
}
