package health

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// view is what one address says of the cluster.
type view struct {
	addr       string
	clusterID  string
	controller int32
	brokers    []broker // by id
	err        error    // it did not answer; the rest is empty then

	quorum    *kmsg.DescribeQuorumResponse // what a brief look asked beside, in KRaft mode
	quorumErr error
}

// broker is one live broker, as Metadata lists it.
type broker struct {
	id   int32
	addr string // advertised, for the listener that was asked
}

// ids reads "1, 2, 3".
func (v view) ids() string {
	ids := make([]int32, len(v.brokers))
	for i, b := range v.brokers {
		ids[i] = b.id
	}
	return joinIDs(ids)
}

func joinIDs(ids []int32) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.Itoa(int(id))
	}
	return strings.Join(texts, ", ")
}

func (v view) lists(id int32) bool {
	return slices.ContainsFunc(v.brokers, func(b broker) bool { return b.id == id })
}

// brokersRequest asks which brokers live. It asks for no topic, and creates none.
func brokersRequest() *kmsg.MetadataRequest {
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{} // nil would be all topics
	req.AllowAutoTopicCreation = false
	return req
}

// metadata asks the broker at addr which brokers live.
func (l *Ladder) metadata(ctx context.Context, addr string) view {
	resp, err := request[*kmsg.MetadataResponse](ctx, l.clients, addr, brokersRequest())
	if err != nil {
		return view{addr: addr, err: err}
	}
	return viewOf(addr, resp)
}

func viewOf(addr string, resp *kmsg.MetadataResponse) view {
	v := view{addr: addr, controller: resp.ControllerID}
	if resp.ClusterID != nil {
		v.clusterID = *resp.ClusterID
	}
	for _, b := range resp.Brokers {
		v.brokers = append(v.brokers, broker{b.NodeID, net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))})
	}
	slices.SortFunc(v.brokers, func(a, b broker) int { return int(a.id) - int(b.id) })
	return v
}

// view is what addr says of the cluster.
func (c *climb) view(ctx context.Context, addr string) view {
	if c.asking.brief {
		c.brokers.stage(stageOverheard)
		if v, heard := c.heard(addr); heard {
			return v
		}
	}
	return c.ladder.metadata(ctx, addr)
}

// enoughBrokers is K3. It asks every address that speaks, because a broker can be listed by the others before its own
// socket accepts, and each one learns of the others in its own time.
func enoughBrokers(ctx context.Context, c *climb) answer {
	l := c.ladder
	speakers := c.speakers()
	addrs := slices.DeleteFunc(slices.Clone(l.brokers), func(addr string) bool { return !slices.Contains(speakers, addr) })
	views := each(addrs, func(addr string) view { return c.view(ctx, addr) })

	answers := make([]answer, len(views))
	for i, v := range views {
		answers[i] = l.count(v)
	}
	answering := slices.DeleteFunc(views, func(v view) bool { return v.err != nil })
	c.hearViews(answering)

	total := tally(answers, c.brokers.need)
	if total.wants > 0 || total.verdict == Warn && l.tolerant {
		total.evidence = l.shortage(answering, total.evidence)
		if fenced := c.fenced(ctx, answering); len(fenced) > 0 {
			total.evidence += "; registered but fenced, without a heartbeat: " + joinIDs(fenced)
			total.wants = 0 // they exist, and may come back
		}
	}
	return total
}

// count judges one view.
func (l *Ladder) count(v view) answer {
	if v.err != nil {
		return l.requestFault(v.addr, v.err)
	}
	a := answer{verdict: Pass, evidence: fmt.Sprintf("%s lists %s", v.addr, plural(len(v.brokers), "broker"))}
	if len(v.brokers) >= l.minBrokers {
		return a
	}
	a.verdict, a.wants = Wait, l.minBrokers
	if l.tolerant && len(v.brokers) > 0 {
		a.verdict = Warn
	}
	a.err = fmt.Errorf("%s of %d", plural(len(v.brokers), "broker"), l.minBrokers)
	a.hint = "start the missing brokers, or ask for fewer: --min-brokers, a lower replicationFactor, a profile that has one"
	return a
}

// shortage says how many brokers are there and how many are needed; where the addresses differ, which of them says what.
func (l *Ladder) shortage(views []view, each string) string {
	counts := make([]int, len(views))
	for i, v := range views {
		counts[i] = len(v.brokers)
	}
	if len(counts) == 0 || slices.Min(counts) >= l.minBrokers {
		return each
	}
	text := fmt.Sprintf("%s, %d needed", plural(slices.Min(counts), "broker"), l.minBrokers)
	if l.minBrokersWhy != "" {
		text += " (" + l.minBrokersWhy + ")"
	}
	if slices.Min(counts) != slices.Max(counts) {
		text += ": " + each
	}
	return text
}

// fenced lists brokers that are registered but do not send heartbeats; Metadata leaves them out. Brokers before 4.0 do
// not tell (KIP-1073).
func (c *climb) fenced(ctx context.Context, views []view) []int32 {
	if !c.isKRaft() || len(views) == 0 {
		return nil
	}
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeFencedBrokers = true
	resp, err := request[*kmsg.DescribeClusterResponse](ctx, c.ladder.clients, views[0].addr, req)
	if err != nil || resp.ErrorCode != 0 {
		return nil
	}
	var ids []int32
	for _, b := range resp.Brokers {
		if b.IsFenced {
			ids = append(ids, b.NodeID)
		}
	}
	slices.Sort(ids)
	return ids
}

// plural counts things: "1 broker", "2 brokers".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// requestFault puts a request that failed on an address that speaks Kafka into words.
func (l *Ladder) requestFault(addr string, err error) answer {
	a := unmet(addr+": "+symptom(err), err)
	if a.hint == "" {
		a.hint = "look at the broker's log"
	}
	switch {
	case refusedSASL(err):
		a.hint = "check the mechanism, the user name and the password"
	case closed(err) && l.sasl:
		a.evidence = addr + ": closes the connection on SASL or the first request after it"
		a.hint = "check the mechanism, the user name and the password; some servers refuse them without a word"
	case closed(err):
		a.evidence = addr + ": answers ApiVersions, then closes: SASL is required, or the broker is going down"
		a.hint = "give SASL credentials if this listener asks for them"
	case timedOut(err):
		a.evidence = addr + ": answers ApiVersions, then nothing"
		a.hint = "the broker is frozen or overloaded: look at its log"
	}
	return a
}
