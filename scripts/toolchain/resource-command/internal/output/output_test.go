package output

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestCaptureKeepsStreamsApartAndTogether(t *testing.T) {
	c := New(func(string) { t.Error("nothing is to be shown") }, false, false)
	for _, step := range []struct {
		to   io.Writer
		text string
	}{{c.Stdout(), "out 1\n"}, {c.Stderr(), "err 1\n"}, {c.Stdout(), "out 2\n\n"}} {
		if n, err := io.WriteString(step.to, step.text); n != len(step.text) || err != nil {
			t.Fatalf("wrote %d of %q: %v", n, step.text, err)
		}
	}
	c.Close()
	stdout, stderr := c.Texts()
	if stdout != "out 1\nout 2\n" || stderr != "err 1" {
		t.Errorf("got %q and %q: want all but one last newline", stdout, stderr)
	}
	if got := c.Combined(); got != "out 1\nerr 1\nout 2\n\n" {
		t.Errorf("combined is %q: want the order of printing", got)
	}
}

func TestCaptureShowsWholeLines(t *testing.T) {
	var shown []string
	show := func(line string) { shown = append(shown, line) }
	c := New(show, true, false)
	for _, piece := range []string{"one\ntw", "o\n", "\nthree"} {
		_, _ = io.WriteString(c.Stdout(), piece)
	}
	_, _ = io.WriteString(c.Stderr(), "not this\n")
	c.Close()
	if want := []string{"one", "two", "", "three"}; !slices.Equal(shown, want) {
		t.Errorf("shown %q, want %q", shown, want)
	}
}

func TestCaptureShowsEndlessLineInPieces(t *testing.T) {
	length := 0
	c := New(func(line string) { length += len(line) }, false, true)
	for range 100 {
		_, _ = io.WriteString(c.Stderr(), strings.Repeat("x", 10_000))
	}
	if length < 900_000 {
		t.Errorf("%d of 1000000 bytes are shown before the line ends", length)
	}
	c.Close()
	if _, stderr := c.Texts(); length != 1_000_000 || len(stderr) != length {
		t.Errorf("shown %d and kept %d bytes, want all", length, len(stderr))
	}
}
