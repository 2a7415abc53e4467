package engine

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// alone keeps the engine of whoever runs the tests out of them.
func alone(t *testing.T) {
	for _, variable := range settingVariables {
		t.Setenv(variable, "")
	}
	t.Setenv("DOCKER_TLS_VERIFY", "")
	t.Setenv("HOME", t.TempDir())
}

// answering is a server that answers as an engine does, and counts how often it is asked.
func answering(asked *int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		w.Header().Set("API-Version", "1.45")
	})
}

func address(server *httptest.Server) string { return "tcp://" + server.Listener.Addr().String() }

func TestRequireAsksTheEngine(t *testing.T) {
	alone(t)
	asked := 0
	server := httptest.NewServer(answering(&asked))
	host := address(server)
	if err := Require(t.Context(), SettingsFrom(map[string]string{"docker:config:host": host})); err != nil {
		t.Fatal(err)
	}
	if asked != 1 || os.Getenv("DOCKER_HOST") != host {
		t.Errorf("asked %d times, DOCKER_HOST is %q, want %q", asked, os.Getenv("DOCKER_HOST"), host)
	}
	server.Close()
	err := Require(t.Context(), map[string]string{"host": host})
	if err == nil || !strings.Contains(err.Error(), "failed to connect to any docker daemon") ||
		!strings.Contains(err.Error(), host) {
		t.Errorf("got %v", err)
	}
}

func TestRequireTakesTheHostFromTheEnvironment(t *testing.T) {
	alone(t)
	asked := 0
	server := httptest.NewServer(answering(&asked))
	defer server.Close()
	t.Setenv("DOCKER_HOST", address(server))
	if err := Require(t.Context(), SettingsFrom(nil)); err != nil || asked != 1 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

func TestDockerDesktopIsTriedAfterTheUsualSocket(t *testing.T) {
	alone(t)
	home, _ := os.UserHomeDir()
	want := []string{
		"unix:///var/run/docker.sock",
		"unix://" + home + "/.docker/run/docker.sock",
		"unix://" + home + "/.docker/desktop/docker.sock",
	}
	if hosts := defaultHosts(); !slices.Equal(hosts, want) {
		t.Errorf("hosts are %q, want %q", hosts, want)
	}
}

func TestRequireDoesNotLogIn(t *testing.T) {
	alone(t)
	settings := map[string]string{"host": "ssh://root@192.0.2.1"}
	if err := Require(t.Context(), settings); err != nil {
		t.Error(err)
	}
	if host := os.Getenv("DOCKER_HOST"); host != "" {
		t.Errorf("DOCKER_HOST is %q", host)
	}
	settings["sshOpts"] = `["-o", "User=x"]`
	if err := Require(t.Context(), settings); err != nil {
		t.Error(err)
	}
	settings["sshOpts"] = "-o User=x"
	if err := Require(t.Context(), settings); err == nil {
		t.Error("options that are no list are taken")
	}
}

func TestRequireProvesBothSides(t *testing.T) {
	alone(t)
	ca, cert, key := certificate(t)
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(ca))
	asked := 0
	server := httptest.NewUnstartedServer(answering(&asked))
	server.TLS = &tls.Config{
		Certificates: []tls.Certificate{pair}, ClientCAs: roots, ClientAuth: tls.RequireAndVerifyClientCert}
	server.StartTLS()
	defer server.Close()
	otherCA, _, _ := certificate(t)
	folder := t.TempDir()
	for name, text := range map[string]string{"ca.pem": ca, "cert.pem": cert, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"as text":        {map[string]string{"caMaterial": ca, "certMaterial": cert, "keyMaterial": key}, ""},
		"in a folder":    {map[string]string{"certPath": folder}, ""},
		"none":           {nil, "failed to connect"},
		"another CA":     {map[string]string{"caMaterial": otherCA, "certMaterial": cert, "keyMaterial": key}, "unknown authority"},
		"no CA":          {map[string]string{"certMaterial": cert, "keyMaterial": key}, "must all be specified"},
		"text and files": {map[string]string{"caMaterial": ca, "certMaterial": cert, "keyMaterial": key, "certPath": folder}, "certPath must not be specified"},
		"no certificate": {map[string]string{"caMaterial": "x", "certMaterial": cert, "keyMaterial": key}, "caMaterial"},
		"no key":         {map[string]string{"caMaterial": ca, "certMaterial": cert, "keyMaterial": "x"}, "keyMaterial"},
	} {
		t.Setenv("DOCKER_HOST", "")
		settings := map[string]string{"host": address(server)}
		for key, value := range c.settings {
			settings[key] = value
		}
		err := Require(t.Context(), settings)
		if (c.want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if asked != 2 {
		t.Errorf("asked %d times, want 2", asked)
	}
}

// certificate makes one that is its own authority, good for a server at 127.0.0.1 and for a client.
func certificate(t *testing.T) (ca, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	shape := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: serial.String()},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return text, text, string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: privateDER}))
}
