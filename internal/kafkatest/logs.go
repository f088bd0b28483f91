package kafkatest

import (
	"bytes"
	"io"
	"os"
)

const tailLines = 25

// logTail returns the last lines of the log at path from byte offset on, or why it cannot be read.
func logTail(path string, offset int64) string {
	data, err := readFrom(path, offset)
	if err != nil {
		return err.Error()
	}
	lines := bytes.Split(bytes.TrimRight(data, "\n"), []byte("\n"))
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return string(bytes.Join(lines, []byte("\n")))
}

// readFrom is what the file at path holds after offset.
func readFrom(path string, offset int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}
