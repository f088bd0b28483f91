package kafkatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed jars/*.xml
var poms embed.FS

// resolveTimeout bounds a download of about 50 MB from a Maven repository.
const resolveTimeout = 10 * time.Minute

// jars is one Kafka release on disk: lib/*.jar and, for KRaft, format/, the freshly formatted storage of a node.
type jars struct {
	version string
	dir     string
}

func (j jars) classPath() string { return filepath.Join(j.dir, "lib", "*") }
func (j jars) formatDir() string { return filepath.Join(j.dir, "format") }

// resolveJars returns the jars of a Kafka release from the user's cache, and fills the cache first when it has to.
// Test packages run at the same time, so one fills it while the others wait; a half-filled directory is never seen.
func resolveJars(sp *spawner, version string) (jars, error) {
	pom, err := poms.ReadFile("jars/kafka-" + version + ".xml")
	if err != nil {
		return jars{}, fmt.Errorf("read pom: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return jars{}, fmt.Errorf("find the cache directory: %w", err)
	}
	root := filepath.Join(cache, "kafkactl", "kafkatest")
	sum := sha256.Sum256(append(pom, formatProperties...))
	name := fmt.Sprintf("%s-%x", version, sum[:6])
	j := jars{version: version, dir: filepath.Join(root, name)}
	if exists(j.dir) {
		return j, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return jars{}, fmt.Errorf("make the jar cache: %w", err)
	}
	lock, err := os.OpenFile(j.dir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return jars{}, fmt.Errorf("open the jar cache's lock: %w", err)
	}
	defer func() { _ = lock.Close() }() // closing lets the lock go
	if err := lockFile(lock); err != nil {
		return jars{}, fmt.Errorf("lock the jar cache: %w", err)
	}
	if exists(j.dir) {
		return j, nil
	}
	return j, fillCache(sp, j, pom)
}

// JarDir is the directory that holds the jars of a flavour's Kafka release, Apache's tools and ZooKeeper's server
// among them. It needs what [Require] asks for.
func JarDir(f Flavour) (string, error) {
	sp := newSpawner()
	defer sp.end()
	j, err := resolveJars(sp, f.Version())
	return filepath.Join(j.dir, "lib"), err
}

// fillCache builds j.dir beside itself and renames it into place. The caller holds the lock.
func fillCache(sp *spawner, j jars, pom []byte) error {
	unfinished := j.dir + ".tmp"
	if err := os.RemoveAll(unfinished); err != nil { // of a run that was killed
		return fmt.Errorf("clear the jar cache: %w", err)
	}
	if err := os.MkdirAll(unfinished, 0o755); err != nil {
		return fmt.Errorf("fill the jar cache: %w", err)
	}
	pomPath := filepath.Join(unfinished, "pom.xml")
	if err := os.WriteFile(pomPath, pom, 0o644); err != nil {
		return fmt.Errorf("fill the jar cache: %w", err)
	}
	//nolint:forbidigo // New takes no context, so the bound starts here
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	mvn := exec.CommandContext(ctx, "mvn", "-B", "-q", "-f", pomPath, "dependency:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(unfinished, "lib"))
	if err := runQuiet(sp, mvn); err != nil {
		return fmt.Errorf("resolve the jars of Kafka %s with mvn: %w", j.version, err)
	}
	if j.version != kafka39 {
		if err := formatStorage(ctx, sp, jars{version: j.version, dir: unfinished}); err != nil {
			return fmt.Errorf("format the storage of Kafka %s: %w", j.version, err)
		}
	}
	if err := os.Rename(unfinished, j.dir); err != nil {
		return fmt.Errorf("fill the jar cache: %w", err)
	}
	return nil
}

// runQuiet runs cmd through the spawner; what it printed is told only in its error.
func runQuiet(sp *spawner, cmd *exec.Cmd) error {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	if err := sp.start(cmd); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSpace(out.String()), err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
