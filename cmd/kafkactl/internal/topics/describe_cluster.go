package topics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
)

// clusterDoc is the cluster in JSON and YAML.
type clusterDoc struct {
	cli.Header
	Partial         bool         `json:"partial,omitzero"` // topics that the client may not see would be missing
	ClusterID       string       `json:"clusterId"`
	Mode            admin.Mode   `json:"mode"`         // kraft, zookeeper or "" when no broker shows it
	ControllerID    int          `json:"controllerId"` // -1: none, or not known
	ControllerError string       `json:"controllerError"`
	QuorumEpoch     int          `json:"quorumEpoch"` // 0 with ZooKeeper
	QuorumVoters    []int        `json:"quorumVoters"`
	Features        []featureDoc `json:"features"`
	Topics          int          `json:"topics"`
	Internal        int          `json:"internalTopics"`
	Partitions      int          `json:"partitions"`
	Replicas        int          `json:"replicas"`
	Leaderless      int          `json:"leaderlessPartitions"`
	UnderReplicated int          `json:"underReplicatedPartitions"`
	Brokers         []brokerDoc  `json:"brokers"`
	// Throttles slow replicas down while nothing is being moved; ThrottlesError is why they are not known.
	Throttles      []throttleDoc `json:"throttlesLeft"`
	ThrottlesError string        `json:"throttlesError"`
}

// throttleDoc is a throttle of replication that somebody has left.
type throttleDoc struct {
	Topic    string   `json:"topic"`  // "" where it is a broker's
	Broker   int      `json:"broker"` // -1 where it is a topic's
	Settings []string `json:"settings"`
	Command  string   `json:"command"` // takes it away
}

type featureDoc struct {
	Name  string `json:"name"`
	Level int    `json:"level"`
}

func newClusterDoc(c seenCluster) clusterDoc {
	doc := clusterDoc{
		Header: cli.NewHeader("Cluster"), Partial: c.viewer != "", ClusterID: c.ID, Mode: c.Controller.Mode, ControllerID: c.Controller.ID, ControllerError: term.ErrorText(c.Controller.Err),
		QuorumEpoch: c.Controller.Epoch, QuorumVoters: cli.OrEmpty(c.Controller.Voters), Features: []featureDoc{},
		Topics: c.Topics, Internal: c.Internal, Partitions: c.Partitions, Replicas: c.Replicas,
		Leaderless: c.Leaderless, UnderReplicated: c.UnderReplicated, Brokers: newBrokerDocs(c.Brokers),
	}
	doc.Throttles, doc.ThrottlesError = []throttleDoc{}, term.ErrorText(c.throttlesErr)
	for _, left := range c.throttles {
		one := throttleDoc{left.Topic, left.Broker, left.Settings, left.Command()}
		if left.Topic != "" {
			one.Broker = -1
		}
		doc.Throttles = append(doc.Throttles, one)
	}
	for _, f := range c.Features {
		doc.Features = append(doc.Features, featureDoc(f))
	}
	return doc
}

// askThrottles asks for what is left of throttles while other questions are asked; answer waits for it. A frozen broker
// holds it up no longer than those.
func askThrottles(s *cli.Session) (answer func() ([]admin.ThrottleLeft, error)) {
	type told struct {
		left []admin.ThrottleLeft
		err  error
	}
	asked := make(chan told, 1)
	ctx, cancel := context.WithTimeout(s.Ctx, 2*kafka.AskTimeout)
	go func() {
		defer cancel()
		left, err := s.ThrottlesLeft(ctx)
		asked <- told{left, err}
	}()
	return func() ([]admin.ThrottleLeft, error) {
		t := <-asked
		return t.left, t.err
	}
}

func (o *describeOptions) describeCluster(ctx context.Context, _ string) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	hides, throttles := s.Config.AskHidden(s.Ctx, s.HidesTopics), askThrottles(s)
	cluster, err := s.Cluster(s.Ctx)
	if err != nil {
		return err
	}
	viewer, err := hides(cluster.Topics == 0)
	if err != nil {
		return err
	}
	seen := seenCluster{Cluster: cluster, viewer: viewer}
	seen.throttles, seen.throttlesErr = throttles()
	if err := o.app.Print(cli.Answer{
		Doc: newClusterDoc(seen), Names: []string{cluster.ID},
		Text: func(w io.Writer, st term.Styles, wide bool) { seen.text(w, st, wide) },
	}); err != nil {
		return err
	}
	for _, left := range seen.throttles {
		o.app.Notef("warning: %s: %s", left, left.Command())
	}
	if err := checkAnswers(o.app, cluster.Brokers); err != nil || !o.issues.exit {
		return err
	}
	if issue := clusterIssue(cluster); issue != "" {
		return cli.WithCode(errors.New(issue), cli.ExitCondition)
	}
	return seen.unknown()
}

// seenCluster is a cluster as somebody sees it.
type seenCluster struct {
	admin.Cluster
	viewer string // who may not see all topics; "" where all are there

	throttles    []admin.ThrottleLeft
	throttlesErr error
}

// unknown returns why it is not known whether the cluster is well; nil when that is known.
func (c seenCluster) unknown() error {
	if c.viewer != "" {
		text := fmt.Sprintf("not known to be well: topics that %s may not see are missing, where there are any (%s)", c.viewer, kerr.TopicAuthorizationFailed.Message)
		return cli.WithHint(cli.WithText(kerr.TopicAuthorizationFailed, text), kafka.Grant("Describe", "--topic '*'"))
	}
	if c.Controller.Err != nil {
		return cli.WithCode(fmt.Errorf("not known to be well: the controller: %w", c.Controller.Err), cli.ExitFailed)
	}
	for _, b := range c.Brokers {
		if b.DirsErr != nil {
			return cli.WithCode(fmt.Errorf("not known to be well: the log directories of broker %d: %w", b.ID, b.DirsErr), cli.ExitFailed)
		}
	}
	return nil
}

// clusterIssue returns why --check fails, "" when it does not.
func clusterIssue(c admin.Cluster) string {
	switch {
	case c.Leaderless == 1:
		return "1 partition is leaderless"
	case c.Leaderless > 1:
		return fmt.Sprintf("%d partitions are leaderless", c.Leaderless)
	case c.UnderReplicated > 0:
		return term.Count(c.UnderReplicated, "under-replicated partition")
	case c.Controller.ID < 0 && c.Controller.Err == nil:
		return "no controller"
	}
	return ""
}

// text writes the cluster for people, its health first.
func (c seenCluster) text(w io.Writer, st term.Styles, wide bool) {
	var health []string
	if c.Leaderless > 0 {
		health = append(health, st.Bad.Render(st.Number(int64(c.Leaderless))+" leaderless"))
	}
	if c.UnderReplicated > 0 {
		health = append(health, st.Warn.Render(st.Number(int64(c.UnderReplicated))+" under-replicated"))
	}
	switch {
	case c.unknown() != nil:
		health = append(health, st.Warn.Render("not all known"))
	case health == nil:
		health = append(health, st.Good.Render("ok"))
	}
	fmt.Fprintf(w, "%s: %s, %s\n", st.Bold.Render("cluster "+term.OrDash(c.ID)), strings.Join(health, ", "), st.Count(len(c.Brokers), "broker"))
	features := make([]string, len(c.Features))
	for i, f := range c.Features {
		features[i] = fmt.Sprintf("%s %d", f.Name, f.Level)
	}
	st.Sentences(w, [][]string{
		{"controller", controllerText(st, c.Cluster)},
		{"features", cmp.Or(strings.Join(features, ", "), "-")},
		{"topics", c.topicsText(st)},
		{"partitions", fmt.Sprintf("%s (%s)", st.Number(int64(c.Partitions)), st.Count(c.Replicas, "replica"))},
	})
	brokerRows(w, st, c.Brokers, wide)
}

// topicsText counts the topics, or those that are seen.
func (c seenCluster) topicsText(st term.Styles) string {
	text := fmt.Sprintf("%s (%s internal)", st.Number(int64(c.Topics)), st.Number(int64(c.Internal)))
	if c.viewer == "" {
		return text
	}
	if c.Topics == 0 {
		text = "none"
	}
	return text + " that " + c.viewer + " may see"
}

func controllerText(st term.Styles, c admin.Cluster) string {
	mode := ""
	if c.Controller.Mode != "" {
		mode = " (" + string(c.Controller.Mode) + ")"
	}
	switch {
	case c.Controller.Err != nil:
		return fmt.Sprintf("not known%s: %v", mode, c.Controller.Err)
	case c.Controller.ID < 0:
		return st.Bad.Render("none!") + mode
	}
	who := fmt.Sprintf("node %d, no broker", c.Controller.ID)
	for _, b := range c.Brokers {
		if b.Controller {
			who = fmt.Sprintf("broker %d", b.ID)
		}
	}
	if c.Controller.Mode != admin.KRaft {
		return who + mode
	}
	return fmt.Sprintf("%s (kraft, epoch %d, voters %s)", who, c.Controller.Epoch, term.JoinIDs(c.Controller.Voters))
}
