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
// and variables are folded in, comments and the order of topics and services do not count. Access that is not managed
// does not count either.
func SpecHash(topics []topicspec.Desired, access topicspec.DesiredAccess) string {
	docs := make([]desired, len(topics))
	for i, d := range topics {
		docs[i] = newDesired(d)
	}
	slices.SortFunc(docs, func(a, b desired) int { return cmp.Compare(a.Name, b.Name) })
	if !access.Managed() {
		return hash(docs)
	}
	return hash(struct {
		Topics []desired
		Access topicspec.DesiredAccess
	}{docs, ordered(access)})
}

// ordered returns access without what only the order of topics and services in the file makes.
func ordered(access topicspec.DesiredAccess) topicspec.DesiredAccess {
	access.Topics = nil // they are among the topics
	access.Services = slices.SortedFunc(slices.Values(access.Services), func(a, b topicspec.DesiredService) int { return cmp.Compare(a.Name, b.Name) })
	for i := range access.Services {
		s := &access.Services[i]
		s.Produces = slices.Sorted(slices.Values(s.Produces))
		s.Consumes = slices.SortedFunc(slices.Values(s.Consumes), func(a, b topicspec.Consumed) int { return cmp.Compare(a.Topic, b.Topic) })
	}
	return access
}
