package term

import (
	"io"
	"os"
)

// ClosedStream is a standard stream that was closed when this process began, as `>&-` in a shell
// closes stdout: nothing is read from it, and what is written to it is lost. The file beneath is
// what a program that is run for the user gets.
type ClosedStream struct {
	File *os.File
	Name string // "stdout"
}

// Read fails.
func (c *ClosedStream) Read([]byte) (int, error) { return 0, c }

// Write fails.
func (c *ClosedStream) Write([]byte) (int, error) { return 0, c }

// Error makes the stream the error of its reads and writes.
func (c *ClosedStream) Error() string { return c.Name + " is closed" }

// OpenReader returns file, or a [*ClosedStream] where it was closed when this process began.
func OpenReader(file *os.File, name string) io.Reader {
	if wasClosed(file) {
		return &ClosedStream{file, name}
	}
	return file
}

// OpenWriter returns file, or a [*ClosedStream] where it was closed when this process began.
func OpenWriter(file *os.File, name string) io.Writer {
	if wasClosed(file) {
		return &ClosedStream{file, name}
	}
	return file
}
