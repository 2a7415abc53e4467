package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// upload copies the source over a connection of its own.
func upload(ctx context.Context, args CopyToRemoteArgs) error {
	client, err := args.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, client.Close)
	defer stop()
	files, err := sftp.NewClient(client.Client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return fmt.Errorf("the machine offers no SFTP: %w", err)
	}
	defer files.Close()

	target := remoteFiles{files}
	if asset := args.Source.Asset; asset != nil && asset.IsText() {
		return target.putText(asset.Text, args.RemotePath)
	}
	source := ""
	if args.Source.Asset != nil {
		source = args.Source.Asset.Path
	} else {
		source = args.Source.Archive.Path
	}
	return target.putPath(source, args.RemotePath)
}

type remoteFiles struct{ *sftp.Client }

// stat tells what is at a remote path: nil when nothing is.
func (r remoteFiles) stat(name string) (fs.FileInfo, error) {
	info, err := r.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("failed to stat remote path %s: %w", name, err)
	}
	return info, nil
}

// makeDir makes a directory and those above it, unless it is there.
func (r remoteFiles) makeDir(name string) error {
	info, err := r.stat(name)
	if err != nil {
		return err
	}
	if info != nil && !info.IsDir() {
		return fmt.Errorf("remote path %s exists but is not a directory", name)
	}
	if err := r.MkdirAll(name); err != nil {
		return fmt.Errorf("failed to create remote directory %s: %w", name, err)
	}
	return nil
}

func (r remoteFiles) write(content io.Reader, target string) error {
	file, err := r.Create(target)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", target, err)
	}
	_, err = file.ReadFrom(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("failed to write remote file %s: %w", target, err)
	}
	return nil
}

func (r remoteFiles) putText(text, target string) error {
	info, err := r.stat(target)
	if err != nil {
		return err
	}
	if info != nil && info.IsDir() {
		return fmt.Errorf("remote path %s is a directory; a text asset needs the path of a file", target)
	}
	if err := r.makeDir(path.Dir(target)); err != nil {
		return err
	}
	return r.write(strings.NewReader(text), target)
}

func (r remoteFiles) putFile(source, target string) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer file.Close()
	return r.write(file, target)
}

// putPath copies a file to the target, or into it where that is a directory; of a directory, the
// directory itself into the target, or only what is in it where the source ends in a slash.
func (r remoteFiles) putPath(source, target string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.IsDir() {
		if err := r.makeDir(target); err != nil {
			return err
		}
		if !strings.HasSuffix(source, "/") {
			target = path.Join(target, filepath.Base(source))
		}
		return r.putTree(source, target)
	}
	there, err := r.stat(target)
	if err != nil {
		return err
	}
	if there != nil && there.IsDir() {
		return r.putFile(source, path.Join(target, filepath.Base(source)))
	}
	if err := r.makeDir(path.Dir(target)); err != nil {
		return err
	}
	return r.putFile(source, target)
}

func (r remoteFiles) putTree(source, target string) error {
	return fs.WalkDir(os.DirFS(source), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return r.makeDir(path.Join(target, name))
		}
		return r.putFile(filepath.Join(source, name), path.Join(target, name))
	})
}
