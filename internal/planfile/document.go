package planfile

import "kafkactl/internal/topicspec"

// Kind and SchemaVersion open the file, as they do the document of `plan -o json`.
const (
	Kind          = "Plan"
	SchemaVersion = 1
)

// File is what a plan file holds.
type File struct {
	topicspec.Reviewed
	// Profile is the one that was folded into the desired topics, "" for none.
	Profile string
	// Source is the name of the topics file, for people only.
	Source string
}

// document is the file as JSON. It is the document of a plan with fields added; the list of topics is called
// observed because topics is their count there.
type document struct {
	SchemaVersion int                   `json:"schemaVersion"`
	Kind          string                `json:"kind"`
	ClusterID     string                `json:"clusterId"`
	InSync        bool                  `json:"inSync"`
	Topics        int                   `json:"topics"`
	Changes       []topicspec.Change    `json:"changes"`
	Unmanaged     []topicspec.Unmanaged `json:"unmanaged"`
	Moving        []topicspec.Moving    `json:"moving"`
	Risks         []topicspec.RiskTotal `json:"risks"`
	// Access is what was compared beside topics.
	Access *topicspec.AccessCompared `json:"access,omitempty"`

	SpecHash string     `json:"specHash"`
	Profile  string     `json:"profile"`
	File     string     `json:"file"`
	Desired  []desired  `json:"desired"`
	Observed []observed `json:"observed"`
	// DesiredAccess is who shall be able to do what. It has no secret, and the place of each password.
	DesiredAccess topicspec.DesiredAccess `json:"desiredAccess"`
	Digest        string                  `json:"digest"`
}

// desired is one desired topic. One that shall not exist is absent, and has nothing else. A count that is not declared is null, and so is a setting that the topic must
// not have.
type desired struct {
	Name              string             `json:"name"`
	Partitions        *int               `json:"partitions"`
	ReplicationFactor *int               `json:"replicationFactor"`
	Config            map[string]*string `json:"config"`
	Absent            bool               `json:"absent,omitempty"`
}

// observed is what was seen of one topic. TopicID is null for one that must not exist, and "" from brokers
// that have no ids.
type observed struct {
	Name         string             `json:"name"`
	TopicID      *string            `json:"topicId"`
	ObservedHash string             `json:"observedHash"`
	Replicas     [][]int            `json:"replicas"` // of each partition
	Config       map[string]setting `json:"config"`   // the managed settings
}

type setting struct {
	Value    string `json:"value"`
	Override bool   `json:"override"`
}

func newDesired(d topicspec.Desired) desired {
	count := func(n int) *int {
		if n == 0 {
			return nil
		}
		return &n
	}
	doc := desired{d.Name, count(d.Partitions), count(d.ReplicationFactor), make(map[string]*string, len(d.Config)), d.Absent}
	for key, s := range d.Config {
		doc.Config[key] = nil
		if !s.Unset {
			doc.Config[key] = &s.Value
		}
	}
	return doc
}

func (doc desired) topic() topicspec.Desired {
	count := func(n *int) int {
		if n == nil {
			return 0
		}
		return *n
	}
	d := topicspec.Desired{Name: doc.Name, Absent: doc.Absent, Partitions: count(doc.Partitions), ReplicationFactor: count(doc.ReplicationFactor), Config: topicspec.Config{}}
	for key, value := range doc.Config {
		if value == nil {
			d.Config[key] = topicspec.Setting{Unset: true}
		} else {
			d.Config[key] = topicspec.Setting{Value: *value}
		}
	}
	return d
}

func newObserved(s topicspec.Seen) observed {
	doc := observed{Name: s.Name, Replicas: s.Replicas, Config: make(map[string]setting, len(s.Config))}
	if s.Exists {
		doc.TopicID = &s.ID
	}
	if doc.Replicas == nil {
		doc.Replicas = [][]int{}
	}
	for key, one := range s.Config {
		doc.Config[key] = setting(one)
	}
	doc.ObservedHash = hash(struct {
		Partitions int
		Replicas   [][]int
		Config     map[string]setting
	}{len(doc.Replicas), doc.Replicas, doc.Config})
	return doc
}

func (doc observed) seen() topicspec.Seen {
	s := topicspec.Seen{Name: doc.Name, Replicas: doc.Replicas, Config: make(map[string]topicspec.ObservedSetting, len(doc.Config))}
	if doc.TopicID != nil {
		s.Exists, s.ID = true, *doc.TopicID
	}
	for key, one := range doc.Config {
		s.Config[key] = topicspec.ObservedSetting(one)
	}
	return s
}
