//go:build !unix

package term

import (
	"context"
	"io"
)

// WatchReader does nothing: here only a write tells that nobody reads any more.
func WatchReader(context.Context, io.Writer, func()) {}
