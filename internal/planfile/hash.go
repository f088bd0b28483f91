package planfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"kafkactl/internal/topicspec"
)

// hashPrefix begins every hash, so that a reader sees how it was made.
const hashPrefix = "sha256:"

func hashBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hashPrefix + hex.EncodeToString(sum[:])
}

// hash returns the hash of a value's JSON, in which the keys of maps are sorted.
func hash(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic("planfile: hash: " + err.Error()) // values of this package always encode
	}
	return hashBytes(text)
}

// SpecHash returns the hash of what is desired, whatever the file that declares it looks like: defaults, profile
// and variables are folded in, comments and the order of topics do not count.
func SpecHash(topics []topicspec.Desired) string {
	docs := make([]desired, len(topics))
	for i, d := range topics {
		docs[i] = newDesired(d)
	}
	slices.SortFunc(docs, func(a, b desired) int { return cmp.Compare(a.Name, b.Name) })
	return hash(docs)
}
