package kafkatest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
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

// jars is one Kafka release on disk: lib/*.jar; beside them is, for KRaft, the freshly formatted
// storage of a node.
type jars struct {
	version string
	dir     string
}

func (j jars) classPath() string { return filepath.Join(j.dir, "lib", "*") }

// smallest is the flavour of the release with the fewest processes.
func (j jars) smallest() Flavour {
	if j.version == kafka39 {
		return ZK1
	}
	return Kraft1
}

// resolveJars returns the jars of a Kafka release from the user's cache, and fills the cache first
// when it has to.
func resolveJars(sp *spawner, version string) (jars, error) {
	pom, err := poms.ReadFile("jars/kafka-" + version + ".xml")
	if err != nil {
		return jars{}, fmt.Errorf("read pom: %w", err)
	}
	sum := sha256.Sum256(pom)
	dir, err := Cached(fmt.Sprintf("%s-%x", version, sum[:6]), func(dir string) error {
		return fetchJars(sp, jars{version: version, dir: dir}, pom)
	})
	return jars{version: version, dir: dir}, err
}

// JarDir is the directory that holds the jars of a flavour's Kafka release, Apache's tools and
// ZooKeeper's server among them. It needs what the tier [Brokers] asks for.
func JarDir(f Flavour) (string, error) {
	sp := newSpawner()
	defer sp.end()
	j, err := resolveJars(sp, f.Version())
	return filepath.Join(j.dir, "lib"), err
}

// fetchJars fills j.dir.
func fetchJars(sp *spawner, j jars, pom []byte) error {
	pomPath := filepath.Join(j.dir, "pom.xml")
	if err := os.WriteFile(pomPath, pom, 0o644); err != nil {
		return fmt.Errorf("write pom: %w", err)
	}
	//nolint:forbidigo // New takes no context, so the bound starts here
	ctx, cancel := context.WithTimeout(context.Background(), resolveTimeout)
	defer cancel()
	mvn := exec.CommandContext(ctx, "mvn", "-B", "-q", "-f", pomPath, "dependency:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+filepath.Join(j.dir, "lib"))
	if err := runQuiet(sp, mvn); err != nil {
		return fmt.Errorf("resolve the jars of Kafka %s with mvn: %w", j.version, err)
	}
	return nil
}

// runQuiet runs cmd through the spawner; what cmd printed appears only in the error.
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
