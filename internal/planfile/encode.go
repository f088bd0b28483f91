package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrNoCluster is of a plan for a cluster without an id: nothing would keep it from another cluster.
var ErrNoCluster = errors.New("the cluster has no id that the plan could be bound to")

// The digest is the last field. Every byte before and behind its hash counts, also those that mean nothing in
// JSON: a file is what was reviewed, or it is refused.
const (
	digestKey = `"digest": "`
	fileEnd   = "\"\n}\n"
)

// Encode returns the bytes of a plan file, indented for people who review it. The same plan gives the same
// bytes. The error is [ErrNoCluster].
func Encode(f File) ([]byte, error) {
	if f.ClusterID == "" {
		return nil, ErrNoCluster
	}
	doc := document{
		SchemaVersion: SchemaVersion, Kind: Kind, ClusterID: f.ClusterID, InSync: !f.Drifted(), Topics: f.Topics,
		Changes: orEmpty(f.Changes), Unmanaged: orEmpty(f.Unmanaged), Moving: orEmpty(f.Moving), Risks: orEmpty(f.Risks),
		Access: f.Plan.Access, SpecHash: SpecHash(f.Desired, f.Access), Profile: f.Profile, File: f.Source,
		Desired: []desired{}, Observed: []observed{}, DesiredAccess: f.Access,
	}
	for i, d := range f.Desired {
		doc.Desired = append(doc.Desired, newDesired(d))
		doc.Observed = append(doc.Observed, newObserved(f.Seen[i]))
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("encode the plan: %w", err)
	}
	head, whole := bytes.CutSuffix(text.Bytes(), []byte(fileEnd))
	if !whole {
		return nil, errors.New("encode the plan: the digest is not its last field")
	}
	return fmt.Appendf(nil, "%s%s%s", head, hashBytes(text.Bytes()), fileEnd), nil
}

func orEmpty[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
