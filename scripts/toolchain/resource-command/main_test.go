package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blang/semver"
	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const urn = resource.URN("urn:pulumi:s::p::command:local:Command::it")

func start(t *testing.T) integration.Server {
	t.Helper()
	server, err := integration.NewServer(t.Context(), packageName, semver.MustParse(version),
		integration.WithProvider(newProvider()))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func inputs(pairs ...any) property.Map {
	m := map[string]property.Value{}
	for i := 0; i < len(pairs); i += 2 {
		switch value := pairs[i+1].(type) {
		case property.Value:
			m[pairs[i].(string)] = value
		case string:
			m[pairs[i].(string)] = property.New(value)
		}
	}
	return property.NewMap(m)
}

func list(items ...string) property.Value {
	values := make([]property.Value, len(items))
	for i, item := range items {
		values[i] = property.New(item)
	}
	return property.New(values)
}

func lines(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

func TestPreviewRunsNothingAndKnowsNoOutput(t *testing.T) {
	server, log := start(t), filepath.Join(t.TempDir(), "log")
	args := inputs("create", "echo ran >> "+log)
	created, err := server.Create(provider.CreateRequest{Urn: urn, Properties: args, DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if lines(t, log) != "" {
		t.Error("a preview ran the script")
	}
	for _, output := range []string{"stdout", "stderr"} {
		if !created.Properties.Get(output).IsComputed() {
			t.Errorf("%s is known in a preview: %v", output, created.Properties.Get(output))
		}
	}
}

func TestUnknownInputsMakeUnknownOutputs(t *testing.T) {
	server := start(t)
	args := inputs("create", property.New(property.Computed))
	checked, err := server.Check(provider.CheckRequest{Urn: urn, Inputs: args})
	if err != nil || len(checked.Failures) > 0 {
		t.Fatal(err, checked.Failures)
	}
	created, err := server.Create(provider.CreateRequest{Urn: urn, Properties: args, DryRun: true})
	if err != nil || !created.Properties.Get("stdout").IsComputed() {
		t.Errorf("got %v, %v", created.Properties, err)
	}
}

func TestLife(t *testing.T) {
	server, log := start(t), filepath.Join(t.TempDir(), "log")
	script := func(word string) string {
		return "echo " + word + " $PULUMI_COMMAND_STDOUT >> " + log + "; echo printed by " + word
	}
	first := inputs("create", script("create"), "delete", script("delete"))
	created, err := server.Create(provider.CreateRequest{Urn: urn, Properties: first})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(created.ID, "it") || len(created.ID) != len("it")+8 {
		t.Errorf("the id is %q, want the name and 8 hex digits", created.ID)
	}

	// Without update, create runs again; with it, update does.
	second := inputs("create", script("again"), "delete", script("delete"))
	updated, err := server.Update(provider.UpdateRequest{
		ID: created.ID, Urn: urn, State: created.Properties, OldInputs: first, Inputs: second})
	if err != nil {
		t.Fatal(err)
	}
	third := inputs("create", script("create"), "update", script("update"), "delete", script("final"))
	updated, err = server.Update(provider.UpdateRequest{
		ID: created.ID, Urn: urn, State: updated.Properties, OldInputs: second, Inputs: third})
	if err != nil {
		t.Fatal(err)
	}
	if got := updated.Properties.Get("stdout").AsString(); got != "printed by update" {
		t.Errorf("stdout is %q", got)
	}
	if err := server.Delete(provider.DeleteRequest{
		ID: created.ID, Urn: urn, Properties: updated.Properties, OldInputs: third}); err != nil {
		t.Fatal(err)
	}
	want := "create\nagain printed by create\nupdate printed by again\nfinal printed by update\n"
	if got := lines(t, log); got != want {
		t.Errorf("ran %q, want %q", got, want)
	}
}

// That a change of triggers replaces is said by the SDK, which reads it from the plugin's schema.
func TestEveryInputCounts(t *testing.T) {
	server := start(t)
	old := inputs("create", "true", "update", "u", "triggers", list("1"))
	created, err := server.Create(provider.CreateRequest{Urn: urn, Properties: old})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		changed string
		news    property.Map
	}{
		{"", old},
		{"create", inputs("create", "false", "update", "u", "triggers", list("1"))},
		{"delete", inputs("create", "true", "update", "u", "delete", "d", "triggers", list("1"))},
		{"update", inputs("create", "true", "triggers", list("1"))},
		{"triggers[0]", inputs("create", "true", "update", "u", "triggers", list("2"))},
		{"triggers[1]", inputs("create", "true", "update", "u", "triggers", list("1", "2"))},
	} {
		diff, err := server.Diff(provider.DiffRequest{
			ID: created.ID, Urn: urn, State: created.Properties, OldInputs: old, Inputs: c.news})
		if err != nil {
			t.Fatal(err)
		}
		_, found := diff.DetailedDiff[c.changed]
		if diff.HasChanges != (c.changed != "") || found != diff.HasChanges || diff.DeleteBeforeReplace {
			t.Errorf("%q changed: got %+v", c.changed, diff)
		}
	}
}

func TestSecretsPassFromInputToTheOutputOfTheSameName(t *testing.T) {
	server := start(t)
	token := property.New(property.NewMap(map[string]property.Value{"T": property.New("t")}))
	args := inputs("create", "echo $T", "environment", token.WithSecret(true))
	created, err := server.Create(provider.CreateRequest{Urn: urn, Properties: args})
	if err != nil {
		t.Fatal(err)
	}
	if !created.Properties.Get("environment").Secret() {
		t.Error("environment is recorded in clear")
	}
	if stdout := created.Properties.Get("stdout"); stdout.Secret() || stdout.AsString() != "t" {
		t.Errorf("stdout is %v: it is secret only where additionalSecretOutputs says so", stdout)
	}
}

func TestFailedCreateRecordsNothing(t *testing.T) {
	created, err := start(t).Create(provider.CreateRequest{Urn: urn, Properties: inputs("create", "exit 4")})
	if err == nil || !strings.Contains(err.Error(), "exit status 4") {
		t.Errorf("got %v", err)
	}
	if created.ID != "" {
		t.Errorf("a resource %q is recorded", created.ID)
	}
}

func TestRunFunction(t *testing.T) {
	result, err := start(t).Invoke(provider.InvokeRequest{
		Token: "command:local:run", Args: inputs("command", "echo out; echo err >&2", "dir", "/")})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"stdout": "out", "stderr": "err", "dir": "/"} {
		if got := result.Return.Get(name).AsString(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}
