package remote

import (
	"context"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"swarm-lab/toolchain/resource-command/internal/lifecycle"
)

// CopyToRemote is the resource command:remote:CopyToRemote. Deleting it leaves the copy.
type CopyToRemote struct{}

// CopyToRemoteArgs are a CopyToRemote's inputs, and all that is recorded of it.
type CopyToRemoteArgs struct {
	Connection *Connection          `pulumi:"connection" provider:"secret"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
}

// CopyToRemoteState is what is recorded of a CopyToRemote.
type CopyToRemoteState struct{ CopyToRemoteArgs }

// Annotate describes the resource in the plugin's schema.
func (c *CopyToRemote) Annotate(a infer.Annotator) {
	a.Describe(&c, "A file or directory copied to another machine over SFTP.")
}

// Annotate describes the inputs in the plugin's schema.
func (c *CopyToRemoteArgs) Annotate(a infer.Annotator) {
	a.Describe(&c.Connection, "How to reach the machine.")
	a.Describe(&c.Triggers, "Values of any type; the resource is replaced when one changes.")
	a.Describe(&c.Source, "What to copy: a file asset, a string asset or a file archive, as it is. "+
		"A directory is copied with all that is in it, over what is there.")
	a.Describe(&c.RemotePath, "Where to. Directories on the way are made. Into it, where it is a "+
		"directory; over it, where it is a file and the source is one.")
}

// Check refuses sources that cannot be copied.
func (*CopyToRemote) Check(
	ctx context.Context, req infer.CheckRequest,
) (infer.CheckResponse[CopyToRemoteArgs], error) {
	args, failures, err := infer.DefaultCheck[CopyToRemoteArgs](ctx, req.NewInputs)
	if err == nil {
		failures = append(failures, sourceFailures(args.Source)...)
	}
	return infer.CheckResponse[CopyToRemoteArgs]{Inputs: args, Failures: failures}, err
}

func sourceFailures(source types.AssetOrArchive) []provider.CheckFailure {
	asset, archive := source.Asset, source.Archive
	var failures []provider.CheckFailure
	fail := func(property, reason string) {
		failures = append(failures, provider.CheckFailure{Property: property, Reason: reason})
	}
	if asset != nil && archive != nil {
		fail("asset", "only one of asset or archive can be set")
	}
	if asset == nil && archive == nil {
		// As in the release this plugin serves, a source that a preview does not know yet ends here.
		fail("asset", "either asset or archive must be set, and known in a preview")
	}
	if asset != nil && !asset.IsPath() && !asset.IsText() {
		fail("asset", "asset must be a path-based file asset or a text asset")
	}
	if archive != nil && !archive.IsPath() {
		fail("archive", "archive must be a path to a file or directory")
	}
	return failures
}

// Create copies the source, except in a preview.
func (*CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyToRemoteArgs],
) (infer.CreateResponse[CopyToRemoteState], error) {
	response := infer.CreateResponse[CopyToRemoteState]{Output: CopyToRemoteState{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	if err := upload(ctx, req.Inputs); err != nil {
		return response, err
	}
	var err error
	response.ID, err = lifecycle.NewID("")
	return response, err
}

// Update copies again when the source's content or the target changed, except in a preview.
func (*CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyToRemoteArgs, CopyToRemoteState],
) (infer.UpdateResponse[CopyToRemoteState], error) {
	response := infer.UpdateResponse[CopyToRemoteState]{Output: CopyToRemoteState{req.Inputs}}
	same := contentHash(req.Inputs.Source) == contentHash(req.State.Source) &&
		req.Inputs.RemotePath == req.State.RemotePath
	if req.DryRun || same {
		return response, nil
	}
	return response, upload(ctx, req.Inputs)
}

func contentHash(source types.AssetOrArchive) string {
	switch {
	case source.Archive != nil:
		return source.Archive.Hash
	case source.Asset != nil:
		return source.Asset.Hash
	}
	return ""
}
