package engine

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"

	"github.com/docker/docker/client"
)

// newClient is a client for one host. The order of the options is the official plugin's, for the
// same settings to mean the same engine: with certificates given as text DOCKER_HOST wins over host.
func newClient(settings map[string]string, host string) (*client.Client, error) {
	ca, cert, key := settings["caMaterial"], settings["certMaterial"], settings["keyMaterial"]
	certPath := settings["certPath"]
	negotiate := client.WithAPIVersionNegotiation()
	switch {
	case ca != "" || cert != "" || key != "":
		if ca == "" || cert == "" || key == "" {
			return nil, errors.New("certMaterial, keyMaterial, and caMaterial must all be specified")
		}
		if certPath != "" {
			return nil, errors.New("when using raw certificates, certPath must not be specified")
		}
		transport, err := tlsTransport([]byte(ca), []byte(cert), []byte(key))
		if err != nil {
			return nil, err
		}
		return client.NewClientWithOpts(
			client.WithHTTPClient(&http.Client{Transport: transport}),
			client.WithHost(host), client.FromEnv, negotiate)
	case certPath != "":
		files := client.WithTLSClientConfig(filepath.Join(certPath, "ca.pem"),
			filepath.Join(certPath, "cert.pem"), filepath.Join(certPath, "key.pem"))
		return client.NewClientWithOpts(client.FromEnv, files, negotiate, client.WithHost(host))
	default:
		return client.NewClientWithOpts(client.FromEnv, client.WithHost(host), negotiate)
	}
}

func tlsTransport(ca, cert, key []byte) (*http.Transport, error) {
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("certMaterial and keyMaterial: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return nil, errors.New("caMaterial: no certificate in it")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	transport.TLSClientConfig = &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, RootCAs: roots,
	}
	return transport, nil
}
