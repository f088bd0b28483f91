// Package filelock lets one process at a time do something, by a lock on a file that ends with the
// process, whatever ends it. The file stays.
package filelock

import "errors"

// ErrLocked is the error of [Lock] for a file that another process has locked.
var ErrLocked = errors.New("locked by another process")
