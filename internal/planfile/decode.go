package planfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"kafkactl/internal/topicspec"
)

// Decode reads a plan file. The error says why it is none that may be carried out: it is no plan, it was made
// by another version, or a byte of it is not as it was written.
func Decode(data []byte) (File, error) {
	var header struct {
		SchemaVersion int    `json:"schemaVersion"`
		Kind          string `json:"kind"`
	}
	err := json.Unmarshal(data, &header)
	switch {
	case err != nil:
		return File{}, errors.New("it is no plan, or not a whole one: it was edited or truncated, or plan --out did not write it")
	case header.Kind != Kind:
		return File{}, fmt.Errorf("it is no plan: its kind is %q", header.Kind)
	case header.SchemaVersion != SchemaVersion:
		return File{}, fmt.Errorf("its schemaVersion is %d, and this kafkactl reads %d", header.SchemaVersion, SchemaVersion)
	}
	if err := checkDigest(data); err != nil {
		return File{}, err
	}
	var doc document
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields() // what is not understood cannot be carried out
	if err := decoder.Decode(&doc); err != nil {
		return File{}, fmt.Errorf("another version of kafkactl wrote it: %w", err)
	}
	return doc.file()
}

// checkDigest refuses a file of which a byte is not as it was written.
func checkDigest(data []byte) error {
	i := bytes.LastIndex(data, []byte(digestKey))
	if i < 0 {
		return errors.New("it has no digest: the output of plan -o json is no plan file, plan --out writes one")
	}
	head, rest := data[:i+len(digestKey)], data[i+len(digestKey):]
	blank := append(bytes.Clone(head), fileEnd...)
	if string(rest) != hashBytes(blank)+fileEnd {
		return errors.New("its digest does not fit: it was edited, formatted or truncated since plan --out wrote it")
	}
	return nil
}

// file returns the content, and refuses what does not fit together.
func (doc document) file() (File, error) {
	f := File{Profile: doc.Profile, Source: doc.File}
	f.Plan = topicspec.Plan{ClusterID: doc.ClusterID, Topics: doc.Topics, Changes: doc.Changes, Unmanaged: doc.Unmanaged, Moving: doc.Moving, Risks: doc.Risks, Access: doc.Access}
	f.Access = doc.DesiredAccess
	if doc.ClusterID == "" {
		return File{}, ErrNoCluster
	}
	if len(doc.Desired) != len(doc.Observed) || doc.Topics != len(doc.Desired) {
		return File{}, errors.New("its topics do not fit together")
	}
	declared := make(map[string]bool)
	for i, d := range doc.Desired {
		if doc.Observed[i].Name != d.Name || declared[d.Name] {
			return File{}, fmt.Errorf("its topics do not fit together: %q", d.Name)
		}
		declared[d.Name] = true
		f.Desired = append(f.Desired, d.topic())
		f.Seen = append(f.Seen, doc.Observed[i].seen())
	}
	for _, c := range doc.Changes {
		switch {
		case c.Kind == topicspec.KindTopic && !declared[c.Topic]:
			return File{}, fmt.Errorf("it changes topic %q, which it does not declare", c.Topic)
		case c.Kind != topicspec.KindTopic && c.Access.Principal != "" && !doc.DesiredAccess.Has(c.Access.Principal):
			return File{}, errors.New("it changes access of a principal that it does not declare")
		}
	}
	return f, nil
}
