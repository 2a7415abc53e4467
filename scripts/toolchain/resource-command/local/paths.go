package local

import (
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// collect finds the files a script is to return; what no globs were given for is nil.
func collect(dir string, settings Settings) (
	*map[string]*types.AssetOrArchive, *resource.Archive, error,
) {
	var assets *map[string]*types.AssetOrArchive
	if settings.AssetPaths != nil {
		found, err := match(dir, *settings.AssetPaths)
		if err != nil {
			return nil, nil, err
		}
		byPath := map[string]*types.AssetOrArchive{}
		for name, asset := range found {
			byPath[name] = &types.AssetOrArchive{Asset: asset}
		}
		assets = &byPath
	}
	if settings.ArchivePaths == nil {
		return assets, nil, nil
	}
	found, err := match(dir, *settings.ArchivePaths)
	if err != nil {
		return nil, nil, err
	}
	members := map[string]any{}
	for name, asset := range found {
		members[name] = asset
	}
	archive, err := resource.NewAssetArchive(members)
	return assets, archive, err
}

// match finds the files under dir, by their slash-separated path in it, that the globs select. The
// globs count in order: one with ! takes away what those before it selected.
func match(dir string, globs []string) (map[string]*resource.Asset, error) {
	type rule struct {
		glob    glob.Glob
		exclude bool
	}
	rules := make([]rule, 0, len(globs))
	for _, text := range globs {
		pattern, exclude := strings.CutPrefix(text, "!")
		compiled, err := glob.Compile(pattern, '/')
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule{compiled, exclude})
	}

	found := map[string]*resource.Asset{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		selected := false
		for _, r := range rules {
			if r.glob.Match(name) {
				selected = !r.exclude
			}
		}
		if !selected {
			return nil
		}
		asset, err := resource.NewPathAsset(path.Join(dir, name))
		if err != nil {
			return err
		}
		found[name] = asset
		return nil
	})
	return found, err
}
