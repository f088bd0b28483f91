package clitest

import (
	"os"
	"path/filepath"
)

// InRepo returns the path of a file of this repository, whichever package's tests run.
func InRepo(path ...string) string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(append([]string{dir}, path...)...)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			panic("no go.mod above the tests")
		}
		dir = parent
	}
}

// StackFile returns the path of the repository's own topics file, which declares the 11 topics.
func StackFile() string { return InRepo("topics.yaml") }
