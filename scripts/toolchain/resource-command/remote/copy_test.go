package remote

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func write(t *testing.T, file, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func fileAsset(path string) types.AssetOrArchive {
	return types.AssetOrArchive{Asset: &resource.Asset{Path: path}}
}

func folder(path string) types.AssetOrArchive {
	return types.AssetOrArchive{Archive: &resource.Archive{Path: path}}
}

func text(content string) types.AssetOrArchive {
	return types.AssetOrArchive{Asset: &resource.Asset{Text: content}}
}

func TestCopy(t *testing.T) {
	server, source := open(t), t.TempDir()
	file := write(t, filepath.Join(source, "tree/a.txt"), "new a")
	write(t, filepath.Join(source, "tree/deep/b.txt"), "new b")
	tree := filepath.Join(source, "tree")
	for name, c := range map[string]struct {
		source types.AssetOrArchive
		target string
		there  []string
		want   map[string]string
		fails  string
	}{
		"file to a new path":     {source: fileAsset(file), target: "x/y/z.txt", want: map[string]string{"x/y/z.txt": "new a"}},
		"file over a file":       {source: fileAsset(file), target: "z", there: []string{"z"}, want: map[string]string{"z": "new a"}},
		"file into a folder":     {source: fileAsset(file), target: "d", there: []string{"d/o"}, want: map[string]string{"d/a.txt": "new a", "d/o": "old"}},
		"file through a file":    {source: fileAsset(file), target: "f/z", there: []string{"f"}, fails: "not a directory"},
		"file that is not there": {source: fileAsset("/no/such"), target: "z", fails: "no such file"},
		"text":                   {source: text("words"), target: "x/t", want: map[string]string{"x/t": "words"}},
		"text over longer text":  {source: text("w"), target: "t", there: []string{"t"}, want: map[string]string{"t": "w"}},
		"text onto a folder":     {source: text("words"), target: "d", there: []string{"d/o"}, fails: "is a directory"},
		"folder":                 {source: folder(tree), target: "d", want: map[string]string{"d/tree/a.txt": "new a", "d/tree/deep/b.txt": "new b"}},
		"folder over its copy":   {source: folder(tree), target: "d", there: []string{"d/tree/a.txt", "d/tree/o"}, want: map[string]string{"d/tree/a.txt": "new a", "d/tree/o": "old"}},
		"what is in a folder":    {source: folder(tree + "/"), target: "d", want: map[string]string{"d/a.txt": "new a", "d/deep/b.txt": "new b"}},
		"folder onto a file":     {source: folder(tree), target: "f", there: []string{"f"}, fails: "not a directory"},
		"archive file, as it is": {source: folder(file), target: "z.tar", want: map[string]string{"z.tar": "new a"}},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for _, there := range c.there {
				write(t, filepath.Join(root, there), "old")
			}
			err := upload(t.Context(), CopyToRemoteArgs{
				Connection: to(server), Source: c.source, RemotePath: filepath.Join(root, c.target)})
			if (c.fails == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), c.fails)) {
				t.Errorf("got %v, want %q", err, c.fails)
			}
			for name, want := range c.want {
				if got, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(got) != want {
					t.Errorf("%s has %q, %v, want %q", name, got, err, want)
				}
			}
		})
	}
}

func TestCopyAgainOnlyWhenContentOrTargetChanged(t *testing.T) {
	server, target := open(t), filepath.Join(t.TempDir(), "t")
	hashed := func(content, hash string) CopyToRemoteArgs {
		source := text(content)
		source.Asset.Hash = hash
		return CopyToRemoteArgs{Connection: to(server), Source: source, RemotePath: target}
	}
	update := func(olds, news CopyToRemoteArgs, preview bool) {
		t.Helper()
		_, err := (&CopyToRemote{}).Update(t.Context(), infer.UpdateRequest[CopyToRemoteArgs, CopyToRemoteState]{
			State: CopyToRemoteState{olds}, Inputs: news, DryRun: preview})
		if err != nil {
			t.Fatal(err)
		}
	}
	update(hashed("one", "1"), hashed("two", "2"), true)
	update(hashed("one", "1"), hashed("two", "1"), false)
	if _, err := os.Stat(target); !os.IsNotExist(err) {
		t.Errorf("copied in a preview or without a change: %v", err)
	}
	update(hashed("one", "1"), hashed("two", "2"), false)
	if got, err := os.ReadFile(target); err != nil || string(got) != "two" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestCopyRefusesWhatItCannotCopy(t *testing.T) {
	both := types.AssetOrArchive{Asset: &resource.Asset{Path: "a"}, Archive: &resource.Archive{Path: "b"}}
	for _, c := range []struct {
		source types.AssetOrArchive
		want   int
	}{
		{fileAsset("a"), 0}, {text("a"), 0}, {folder("a"), 0},
		{both, 1},
		{types.AssetOrArchive{}, 1},
		{types.AssetOrArchive{Asset: &resource.Asset{URI: "https://example.com/a"}}, 1},
		{types.AssetOrArchive{Archive: &resource.Archive{URI: "https://example.com/a"}}, 1},
	} {
		if got := sourceFailures(c.source); len(got) != c.want {
			t.Errorf("%+v: got %v", c.source, got)
		}
	}
}

func TestCancellingEndsACopy(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	args := CopyToRemoteArgs{Connection: to(open(t)), Source: text("x"), RemotePath: filepath.Join(t.TempDir(), "t")}
	if err := upload(ctx, args); err == nil {
		t.Error("copied after it was cancelled")
	}
}
