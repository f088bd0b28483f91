package topics

import (
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/record"
)

// topicDetailDoc is one topic in JSON and YAML.
type topicDetailDoc struct {
	cli.Header
	Name              string          `json:"name"`
	ID                string          `json:"id"`
	Internal          bool            `json:"internal"`
	ReplicationFactor int             `json:"replicationFactor"`
	UnderReplicated   int             `json:"underReplicatedPartitions"`
	Leaderless        int             `json:"leaderlessPartitions"`
	MinISR            int             `json:"minInSyncReplicas"` // 0: not known
	Records           int64           `json:"records"`           // at most; -1: a leader did not answer
	RecordsPerSecond  float64         `json:"recordsPerSecond"`  // mean between the first and the last; -1: not known
	FirstTime         string          `json:"firstTime"`         // "": no record, or not known
	LastTime          string          `json:"lastTime"`
	Size              int64           `json:"size"` // of the replicas whose size is known; -1: none is
	LeaderSize        int64           `json:"leaderSize"`
	Declared          bool            `json:"declared"`
	Producers         []string        `json:"producers"`
	Consumers         []consumerDoc   `json:"consumers"`
	Groups            []topicGroupDoc `json:"groups"`
	Notes             []string        `json:"notes"` // what is not known, and why
	Partitions        []partitionDoc  `json:"partitions"`
	Config            []settingDoc    `json:"config"`
}

type partitionDoc struct {
	healthDoc
	LogStart    int64  `json:"logStart"` // -1: the leader could not be asked
	End         int64  `json:"end"`
	FirstTime   string `json:"firstTime"`
	LastTime    string `json:"lastTime"`
	Size        int64  `json:"size"`
	LeaderSize  int64  `json:"leaderSize"`
	LeaderError string `json:"leaderError"`
}

// healthDoc is the state of a partition, without its offsets and sizes.
type healthDoc struct {
	Partition int               `json:"partition"`
	Leader    int               `json:"leader"` // -1: none
	Preferred int               `json:"preferredLeader"`
	Replicas  []int             `json:"replicas"`
	ISR       []int             `json:"isr"`
	Offline   []int             `json:"offlineReplicas"`
	Adding    []int             `json:"addingReplicas"`
	Health    []admin.IssueKind `json:"health"` // what is amiss, worst first
}

type settingDoc struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Source   string `json:"source"`
	Override bool   `json:"override"`
}

func newTopicDetailDoc(t topicView) topicDetailDoc {
	sum := t.sum()
	doc := topicDetailDoc{
		Header: cli.NewHeader("Topic"), Name: t.Name, ID: t.ID, Internal: t.Internal,
		ReplicationFactor: t.ReplicationFactor, UnderReplicated: t.UnderReplicated, Leaderless: t.Leaderless,
		MinISR: sum.minISR, Records: sum.records, RecordsPerSecond: sum.rate(), FirstTime: record.TimestampText(sum.first), LastTime: record.TimestampText(sum.last),
		Size: sum.size, LeaderSize: sum.leaderSize,
		Declared: t.declared.found, Producers: cli.OrEmpty(t.declared.producers), Consumers: []consumerDoc{}, Groups: []topicGroupDoc{},
		Notes: cli.OrEmpty(t.Notes), Partitions: []partitionDoc{}, Config: settingDocs(t.Config),
	}
	for _, c := range t.declared.consumers {
		doc.Consumers = append(doc.Consumers, consumerDoc{c.service, c.group.String(), c.found.State, len(c.found.Members)})
	}
	for _, g := range t.groups {
		doc.Groups = append(doc.Groups, topicGroupDoc{g.group, g.state, g.members, g.lag, g.unknown, g.err})
	}
	for _, p := range t.PartitionList {
		one := partitionDoc{newHealthDoc(p), p.LogStart, p.End, record.TimestampText(p.First), record.TimestampText(p.Last), p.Size, p.LeaderSize, ""}
		if p.LeaderErr != nil {
			one.LeaderError = p.LeaderErr.Error()
		}
		doc.Partitions = append(doc.Partitions, one)
	}
	return doc
}

func newHealthDoc(p admin.Partition) healthDoc {
	doc := healthDoc{p.ID, p.Leader, -1, cli.OrEmpty(p.Replicas), cli.OrEmpty(p.ISR), cli.OrEmpty(p.Offline), cli.OrEmpty(p.Adding), cli.OrEmpty(p.Issues())}
	if len(p.Replicas) > 0 {
		doc.Preferred = p.Replicas[0]
	}
	return doc
}

func settingDocs(settings []admin.Setting) []settingDoc {
	docs := make([]settingDoc, len(settings))
	for i, s := range settings {
		docs[i] = settingDoc(s)
	}
	return docs
}
