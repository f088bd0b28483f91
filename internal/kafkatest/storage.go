package kafkatest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// formatProperties is the node that StorageTool formats for; only its roles, and that it has static
// voters, matter.
const formatProperties = `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:9093
listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093
controller.listener.names=CONTROLLER
`

// resolveFormatted returns the storage of a fresh node, as Apache's StorageTool of the release formats it, from beside
// the jars. That costs a JVM start, so each node of each cluster gets a copy (copyStorage) instead of a run of its own.
func resolveFormatted(sp *spawner, j jars) (dir string, err error) {
	sum := sha256.Sum256([]byte(formatProperties))
	dir, err = Cached(filepath.Join(filepath.Base(j.dir), fmt.Sprintf("format-%x", sum[:6])), func(dir string) error {
		//nolint:forbidigo // New takes no context, so the bound starts here
		ctx, cancel := context.WithTimeout(context.Background(), bootTimeout)
		defer cancel()
		return formatDir(ctx, sp, j, filepath.Join(dir, "storage"), nil)
	})
	if err != nil {
		return "", fmt.Errorf("format the storage of Kafka %s: %w", j.version, err)
	}
	return filepath.Join(dir, "storage"), nil
}

// formatUsers formats storage that has the users of c, for its nodes alone.
func (c *Cluster) formatUsers() (dir string, err error) {
	//nolint:forbidigo // New takes no context, so the bound starts here
	ctx, cancel := context.WithTimeout(context.Background(), bootTimeout)
	defer cancel()
	dir = filepath.Join(c.dir, "format")
	if err := formatDir(ctx, c.spawner, c.jars, dir, c.opts.Users); err != nil {
		return "", fmt.Errorf("format storage with users: %w", err)
	}
	return dir, nil
}

// formatDir formats dir, with users by their passwords.
func formatDir(ctx context.Context, sp *spawner, j jars, dir string, users map[string]string) error {
	java, err := javaPath()
	if err != nil {
		return err
	}
	props := dir + ".properties"
	if err := os.WriteFile(props, []byte(formatProperties+property("log.dirs", dir)), 0o644); err != nil {
		return err
	}
	id, err := newUUID()
	if err != nil {
		return err
	}
	args := append(quickJVM(), "-cp", j.classPath(), "kafka.tools.StorageTool", "format", "-t", id, "-c", props)
	for _, name := range slices.Sorted(maps.Keys(users)) {
		args = append(args, "--add-scram", fmt.Sprintf("SCRAM-SHA-512=[name=%s,password=%s]", name, users[name]))
	}
	return runQuiet(sp, exec.CommandContext(ctx, java, args...))
}

// copyStorage makes to the formatted storage of one node. The ids are in meta.properties and
// nowhere else.
func copyStorage(from, to, clusterID string, nodeID int) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return fmt.Errorf("copy formatted storage: %w", err)
	}
	dirID, err := newUUID()
	if err != nil {
		return err
	}
	path := filepath.Join(to, "meta.properties")
	meta, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read formatted storage: %w", err)
	}
	for key, value := range map[string]string{
		"cluster.id": clusterID, "directory.id": dirID, "node.id": fmt.Sprint(nodeID),
	} {
		line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + `=.*$`)
		if !line.Match(meta) {
			return fmt.Errorf("edit formatted storage: %s has no %s", path, key)
		}
		meta = line.ReplaceAll(meta, []byte(key+"="+value))
	}
	if err := os.WriteFile(path, meta, 0o644); err != nil {
		return fmt.Errorf("write formatted storage: %w", err)
	}
	return nil
}

// newUUID returns a random id as Kafka writes them: 16 bytes in base64url, not beginning with a
// dash, which a tool would take for a flag.
func newUUID() (string, error) {
	var b [16]byte
	for {
		if _, err := rand.Read(b[:]); err != nil {
			return "", fmt.Errorf("make an id: %w", err)
		}
		if id := base64.RawURLEncoding.EncodeToString(b[:]); id[0] != '-' {
			return id, nil
		}
	}
}
