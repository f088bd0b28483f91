package clitest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// NodeModules returns the node_modules of the package.json in dir, which it installs once on a
// machine for the same files.
func NodeModules(t *testing.T, dir string) string {
	t.Helper()
	kafkatest.Require(t, kafkatest.KafkaJS)
	inputs := Inputs(t, dir, "package.json", "package-lock.json")
	cached := Installed(t, filepath.Base(dir), inputs, func(into string) error {
		for name, data := range inputs {
			if err := os.WriteFile(filepath.Join(into, name), data, 0o600); err != nil {
				return err
			}
		}
		return install(t, "npm", "--prefix", into, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	})
	return filepath.Join(cached, "node_modules")
}

// PythonPackages returns a directory for PYTHONPATH with what the requirements.txt in dir names,
// which it installs once on a machine for the same file and Python.
func PythonPackages(t *testing.T, dir string) string {
	t.Helper()
	kafkatest.Require(t, kafkatest.KafkaPython)
	version, err := exec.CommandContext(t.Context(), "python3", "-c", "import pip, sys; print(sys.version)").Output()
	if err != nil {
		t.Fatal(err)
	}
	inputs := Inputs(t, dir, "requirements.txt")
	inputs["version"] = version
	return Installed(t, filepath.Base(dir), inputs, func(into string) error {
		return install(t, "python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
			"--only-binary", ":all:", "--target", into, "--requirement", filepath.Join(dir, "requirements.txt"))
	})
}

// Inputs returns what the named files in dir hold.
func Inputs(t *testing.T, dir string, names ...string) map[string][]byte {
	t.Helper()
	inputs := make(map[string][]byte)
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		inputs[name] = data
	}
	return inputs
}

// Installed returns the directory that fill fills, once for the same inputs on a machine.
func Installed(t *testing.T, client string, inputs map[string][]byte, fill func(dir string) error) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(inputs[name]), inputs[name])
	}
	dir, err := kafkatest.Cached(fmt.Sprintf("client-%s-%x", client, sum.Sum(nil)[:6]), fill)
	if err != nil {
		t.Fatalf("install the client %s: %v", client, err)
	}
	return dir
}

// install runs a program that installs; what it told is in the error only.
func install(t *testing.T, program string, args ...string) error {
	const patience = 5 * time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if out, err := exec.CommandContext(ctx, program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", program, args, err, out)
	}
	return nil
}
