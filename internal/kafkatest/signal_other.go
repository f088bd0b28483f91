//go:build !unix

package kafkatest

import (
	"errors"
	"os"
)

func suspend(*os.Process) error     { return errors.ErrUnsupported }
func wake(*os.Process) error        { return errors.ErrUnsupported }
func terminate(p *os.Process) error { return p.Kill() }

// lockFile does nothing here: run one test package at a time.
func lockFile(*os.File) error { return nil }
