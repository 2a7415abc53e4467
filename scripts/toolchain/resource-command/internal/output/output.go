// Package output keeps what a script prints and shows it line by line while it runs.
package output

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// A line longer than this is shown in pieces.
const longestLine = 64 * 1024

// Capture keeps a script's two streams apart, and together in the order they were printed for an
// error message. Both writers may be used at once.
type Capture struct {
	mu       sync.Mutex
	combined bytes.Buffer
	stdout   stream
	stderr   stream
}

type stream struct {
	capture *Capture
	kept    bytes.Buffer
	line    []byte
	show    func(string)
}

// New makes a Capture; show gets each line of a stream that is to be shown.
func New(show func(string), showStdout, showStderr bool) *Capture {
	c := &Capture{}
	c.stdout.capture, c.stderr.capture = c, c
	if showStdout {
		c.stdout.show = show
	}
	if showStderr {
		c.stderr.show = show
	}
	return c
}

// Stdout is where the script's standard output goes.
func (c *Capture) Stdout() io.Writer { return &c.stdout }

// Stderr is where the script's standard error goes.
func (c *Capture) Stderr() io.Writer { return &c.stderr }

// Close shows what is left of lines without an end. The script must have ended.
func (c *Capture) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stdout.flush()
	c.stderr.flush()
}

// Texts are what the two streams printed, each without one newline at its end.
func (c *Capture) Texts() (stdout, stderr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.TrimSuffix(c.stdout.kept.String(), "\n"),
		strings.TrimSuffix(c.stderr.kept.String(), "\n")
}

// Combined is what both streams printed, in order.
func (c *Capture) Combined() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.combined.String()
}

func (s *stream) Write(p []byte) (int, error) {
	s.capture.mu.Lock()
	defer s.capture.mu.Unlock()
	s.kept.Write(p)
	s.capture.combined.Write(p)
	if s.show != nil {
		s.lines(p)
	}
	return len(p), nil
}

func (s *stream) lines(p []byte) {
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			s.line = append(s.line, p...)
			if len(s.line) >= longestLine {
				s.flush()
			}
			return
		}
		s.line = append(s.line, p[:end]...)
		s.show(string(s.line))
		s.line, p = s.line[:0], p[end+1:]
	}
}

func (s *stream) flush() {
	if len(s.line) > 0 {
		s.show(string(s.line))
		s.line = s.line[:0]
	}
}
