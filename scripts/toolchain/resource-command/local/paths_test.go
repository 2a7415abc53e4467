package local

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCollect(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"top.txt", "assets/logos/logo.svg", "src/index.js", "src/secret.js", "src/deep/more.js",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ globs, want []string }{
		{[]string{"assets/**", "src/**.js", "!**secret.*"},
			[]string{"assets/logos/logo.svg", "src/deep/more.js", "src/index.js"}},
		{[]string{"src/*.js"}, []string{"src/index.js", "src/secret.js"}},
		{[]string{"!top.txt", "top.txt"}, []string{"top.txt"}},
		{[]string{"src"}, nil},
		{nil, nil},
	} {
		assets, archive, err := collect(dir, Settings{AssetPaths: &c.globs, ArchivePaths: &c.globs})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(*assets)); !slices.Equal(got, c.want) {
			t.Errorf("assets of %q are %q, want %q", c.globs, got, c.want)
		}
		members, _ := archive.GetAssets()
		if got := slices.Sorted(maps.Keys(members)); !slices.Equal(got, c.want) {
			t.Errorf("the archive of %q has %q, want %q", c.globs, got, c.want)
		}
	}

	if assets, archive, err := collect(dir, Settings{}); assets != nil || archive != nil || err != nil {
		t.Errorf("without globs: got %v, %v, %v", assets, archive, err)
	}
	bad := []string{"["}
	if _, _, err := collect(dir, Settings{AssetPaths: &bad}); err == nil {
		t.Error("a broken glob is taken")
	}
}
