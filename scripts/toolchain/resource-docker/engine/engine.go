// Package engine tells whether the Docker engine that a provider is configured for answers.
package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/docker/docker/client"
)

// Provider settings that decide which engine is meant, with the variables that stand in for them.
var settingVariables = map[string]string{
	"host":         "DOCKER_HOST",
	"caMaterial":   "DOCKER_CA_MATERIAL",
	"certMaterial": "DOCKER_CERT_MATERIAL",
	"keyMaterial":  "DOCKER_KEY_MATERIAL",
	"certPath":     "DOCKER_CERT_PATH",
}

// SettingsFrom reads the provider's settings; keys come as docker:config:<name>.
func SettingsFrom(variables map[string]string) map[string]string {
	settings := map[string]string{}
	for key, value := range variables {
		settings[strings.TrimPrefix(key, "docker:config:")] = value
	}
	for name, variable := range settingVariables {
		if _, given := settings[name]; !given && os.Getenv(variable) != "" {
			settings[name] = os.Getenv(variable)
		}
	}
	return settings
}

// Require fails unless the engine the settings name answers. Over SSH nothing is tried, since
// every connection is a login. The engine found is left in DOCKER_HOST for what starts from here.
func Require(ctx context.Context, settings map[string]string) error {
	host, given := settings["host"]
	hosts := []string{host}
	if !given {
		hosts = defaultHosts()
	}
	if strings.HasPrefix(host, "ssh://") {
		return checkSSHOptions(settings["sshOpts"])
	}
	var failures []error
	for _, host := range hosts {
		engine, err := newClient(settings, host)
		if err != nil {
			return err
		}
		_, err = engine.Ping(ctx)
		engine.Close()
		if err == nil {
			return os.Setenv("DOCKER_HOST", engine.DaemonHost())
		}
		failures = append(failures, fmt.Errorf("%s: %w", engine.DaemonHost(), err))
	}
	return fmt.Errorf("failed to connect to any docker daemon: %w", errors.Join(failures...))
}

func checkSSHOptions(text string) error {
	if text == "" {
		return nil
	}
	var options []string
	if err := json.Unmarshal([]byte(text), &options); err != nil {
		return fmt.Errorf("sshOpts: need a list of strings: %w", err)
	}
	return nil
}

// defaultHosts are tried in turn where no host is given: the second and third are Docker Desktop's.
func defaultHosts() []string {
	hosts := []string{client.DefaultDockerHost}
	home, err := os.UserHomeDir()
	if err != nil || runtime.GOOS == "windows" {
		return hosts
	}
	return append(hosts,
		"unix://"+filepath.Join(home, ".docker/run/docker.sock"),
		"unix://"+filepath.Join(home, ".docker/desktop/docker.sock"))
}
