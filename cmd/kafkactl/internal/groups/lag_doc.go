package groups

import (
	"io"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/record"
)

// LagDoc is lag in JSON and YAML. A lag is null where some of it is not known.
type LagDoc struct {
	cli.Header
	Partial           bool            `json:"partial,omitzero"` // what the client may not see would be missing
	Time              time.Time       `json:"time"`
	TotalLag          *int64          `json:"totalLag"`
	UnknownPartitions int             `json:"unknownPartitions"`
	Error             string          `json:"error"` // groups that may be missing
	Groups            []lagGroupDoc   `json:"groups"`
	Topics            []lagTopicDoc   `json:"topics,omitzero"`   // --by topic
	Owners            []lagOwnerDoc   `json:"owners,omitzero"`   // --by member
	Services          []lagServiceDoc `json:"services,omitzero"` // --by service
}

type lagGroupDoc struct {
	Group             string            `json:"group"`
	State             string            `json:"state"`
	Protocol          string            `json:"protocol"`
	Coordinator       int32             `json:"coordinator"`
	TotalLag          *int64            `json:"totalLag"`
	KnownLag          int64             `json:"knownLag"`
	UnknownPartitions int               `json:"unknownPartitions"`
	Lost              int64             `json:"lost"`
	Members           []lagMemberDoc    `json:"members"`
	Partitions        []lagPartitionDoc `json:"partitions"`
	Error             string            `json:"error"`
	lagRateDoc
}

// lagRateDoc is how lag changed while it was watched.
type lagRateDoc struct {
	Delta            *int64   `json:"delta,omitzero"`
	RecordsPerSecond *float64 `json:"recordsPerSecond,omitzero"`
	ETAMs            *int64   `json:"etaMs,omitzero"`
}

type lagMemberDoc struct {
	ID         string         `json:"id"`
	InstanceID string         `json:"instanceId"`
	ClientID   string         `json:"clientId"`
	Host       string         `json:"host"`
	Partitions []partitionRef `json:"partitions"`
}

type partitionRef struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
}

type lagPartitionDoc struct {
	Topic     string `json:"topic"`
	Partition int32  `json:"partition"`
	Committed int64  `json:"committed"` // -1: nothing
	LogStart  int64  `json:"logStart"`  // -1: not known
	End       int64  `json:"end"`       // -1: not known
	Lag       *int64 `json:"lag"`
	TimeLagMs *int64 `json:"timeLagMs"` // null: not known, or not asked for
	Lost      int64  `json:"lost"`      // deleted before it was read
	Past      int64  `json:"past"`      // committed so far past the end
	TopicGone bool   `json:"topicGone"`
	Markers   int64  `json:"markers"` // offsets of transaction markers up to the end: no lag
	Aborted   int64  `json:"aborted"` // and of records of aborted transactions
	// MarkersError is why it is not known whether a small lag is of these alone; "" when it is.
	MarkersError     string               `json:"markersError"`
	Hidden           int64                `json:"hidden"` // offsets behind the start of an open transaction
	OpenTransactions []openTransactionDoc `json:"openTransactions"`
	Member           *memberRef           `json:"member"`
	Error            string               `json:"error"`
}

type openTransactionDoc struct {
	TransactionalID string `json:"transactionalId"` // "": not known
	ProducerID      int64  `json:"producerId"`
	FirstOffset     int64  `json:"firstOffset"`
	Since           string `json:"since"` // "": not known
}

type memberRef struct {
	ID       string `json:"id"`
	ClientID string `json:"clientId"`
	Host     string `json:"host"`
}

type lagTopicDoc struct {
	Topic             string   `json:"topic"`
	Groups            []string `json:"groups"`
	TotalLag          *int64   `json:"totalLag"`
	UnknownPartitions int      `json:"unknownPartitions"`
}

type lagOwnerDoc struct {
	Group             string     `json:"group"`
	Member            *memberRef `json:"member"` // null: the partitions nobody has
	Partitions        int        `json:"partitions"`
	TotalLag          *int64     `json:"totalLag"`
	UnknownPartitions int        `json:"unknownPartitions"`
}

type lagServiceDoc struct {
	Service  string `json:"service"` // "": of no service
	Group    string `json:"group"`
	Exists   bool   `json:"exists"`
	TotalLag *int64 `json:"totalLag"`
}

// answer returns a snapshot in every format. tables are those of the snapshot; rates is nil unless lag
// is watched.
func (o *lagOptions) answer(snapshot lagSnapshot, tables []lagTable, rates lagRates) cli.Answer {
	names := []string{}
	for _, t := range tables {
		for _, r := range t.rows {
			if name := r.before[0]; len(t.before) > 0 && (len(names) == 0 || names[len(names)-1] != name) && name != "-" {
				names = append(names, name)
			}
		}
	}
	return cli.Answer{Doc: o.doc(snapshot, rates), Names: names, Text: func(w io.Writer, st term.Styles, _ bool) {
		for i, t := range tables {
			if i > 0 {
				io.WriteString(w, "\n") //nolint:errcheck // as all text
			}
			t.write(w, st, rates)
		}
	}}
}

func (o *lagOptions) doc(snapshot lagSnapshot, rates lagRates) LagDoc {
	doc := LagDoc{Header: cli.NewHeader("Lag"), Partial: snapshot.hidden.partial(), Time: snapshot.At.UTC().Truncate(time.Millisecond), Groups: []lagGroupDoc{}}
	if snapshot.missing != nil {
		doc.Error = snapshot.missing.Error()
	}
	for i := range snapshot.Groups {
		if g := &snapshot.Groups[i]; !o.onlyLagging || g.Sum.Lagging() {
			doc.Groups = append(doc.Groups, o.groupDoc(snapshot, g, rates))
		}
	}
	doc.TotalLag, doc.UnknownPartitions = snapshot.Total.Exact(), snapshot.Total.Unknown
	o.addBy(&doc, snapshot)
	return doc
}

func (o *lagOptions) groupDoc(snapshot lagSnapshot, g *groups.GroupLag, rates lagRates) lagGroupDoc {
	doc := lagGroupDoc{
		Group: g.Name, State: g.State, Protocol: g.Protocol, Coordinator: g.Coordinator,
		TotalLag: g.Sum.Exact(), KnownLag: g.Sum.Known, UnknownPartitions: g.Sum.Unknown, Lost: g.Sum.Lost,
		Members: newMemberDocs(g), Partitions: []lagPartitionDoc{},
	}
	if g.Err != nil {
		doc.Error = g.Err.Error()
	}
	if rates != nil {
		doc.lagRateDoc = rates[groupKey(g.Name)].doc()
	}
	for i := range g.Partitions {
		p := &g.Partitions[i]
		if o.onlyLagging && p.Lag == 0 {
			continue
		}
		doc.Partitions = append(doc.Partitions, newLagPartitionDoc(snapshot.LagView, p))
	}
	return doc
}

func newLagPartitionDoc(view groups.LagView, p *groups.PartitionLag) lagPartitionDoc {
	doc := lagPartitionDoc{
		Topic: p.Topic, Partition: p.Partition, Committed: p.Committed, LogStart: p.LogStart, End: p.End,
		Lost: p.Lost, Past: p.Past, TopicGone: p.TopicGone, Member: newMemberRef(p.Member),
		Markers: p.Markers, Aborted: p.Aborted, MarkersError: term.ErrorText(p.Unlooked), Hidden: p.Hidden, OpenTransactions: []openTransactionDoc{},
	}
	for _, t := range p.Open {
		doc.OpenTransactions = append(doc.OpenTransactions, openTransactionDoc{t.ID, t.ProducerID, t.FirstOffset, record.TimestampText(t.Since)})
	}
	if p.Lag >= 0 {
		doc.Lag = &p.Lag
	}
	if behind, known := view.TimeLag(p); known && view.Times != nil {
		doc.TimeLagMs = &behind
	}
	if p.Err != nil {
		doc.Error = p.Err.Error()
	}
	return doc
}

func newMemberRef(m *groups.Member) *memberRef {
	if m == nil {
		return nil
	}
	return &memberRef{m.ID, m.ClientID, m.Host}
}

// addBy adds the list that --by asked for.
func (o *lagOptions) addBy(doc *LagDoc, snapshot lagSnapshot) {
	keep := func(s groups.LagSum) bool { return !o.onlyLagging || s.Lagging() }
	switch o.by {
	case lagByTopic:
		doc.Topics = []lagTopicDoc{}
		for _, t := range snapshot.topics {
			if keep(t.Sum) {
				doc.Topics = append(doc.Topics, lagTopicDoc{t.Topic, t.Groups, t.Sum.Exact(), t.Sum.Unknown})
			}
		}
	case lagByMember:
		doc.Owners = []lagOwnerDoc{}
		for _, m := range snapshot.members {
			if keep(m.Sum) {
				doc.Owners = append(doc.Owners, lagOwnerDoc{m.Group, newMemberRef(m.Member), m.Partitions, m.Sum.Exact(), m.Sum.Unknown})
			}
		}
	case lagByService:
		doc.Services = []lagServiceDoc{}
		for _, s := range snapshot.services {
			service, sum := lagServiceDoc{Service: s.service, Group: s.group, Exists: s.lag != nil}, groups.LagSum{}
			if s.lag != nil {
				sum = s.lag.Sum
				service.TotalLag = sum.Exact()
			}
			if keep(sum) {
				doc.Services = append(doc.Services, service)
			}
		}
	}
}
