package health

import (
	"context"
	"fmt"
	"maps"
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
}

// broker is one live broker, as Metadata lists it.
type broker struct {
	id   int32
	addr string // advertised, for the listener that was asked
}

// ids reads "1, 2, 3".
func (v view) ids() string {
	texts := make([]string, len(v.brokers))
	for i, b := range v.brokers {
		texts[i] = strconv.Itoa(int(b.id))
	}
	return strings.Join(texts, ", ")
}

func (v view) lists(id int32) bool {
	return slices.ContainsFunc(v.brokers, func(b broker) bool { return b.id == id })
}

// metadata asks the broker at addr which brokers live. It asks for no topic, and creates none.
func (l *Ladder) metadata(ctx context.Context, addr string) view {
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{} // nil would be all topics
	req.AllowAutoTopicCreation = false
	resp, err := request[*kmsg.MetadataResponse](ctx, l.clients, addr, req)
	if err != nil {
		return view{addr: addr, err: err}
	}
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

// enoughBrokers is K3. It asks every address that speaks, because a broker can be listed by the others before its own
// socket accepts, and each one learns of the others in its own time.
func enoughBrokers(ctx context.Context, c *climb) answer {
	l := c.ladder
	speakers := c.speakers()
	addrs := slices.DeleteFunc(slices.Clone(l.brokers), func(addr string) bool { return !slices.Contains(speakers, addr) })
	views := each(addrs, func(addr string) view { return l.metadata(ctx, addr) })

	answers := make([]answer, len(views))
	counts := make(map[int]bool)
	short := false
	for i, v := range views {
		answers[i] = l.count(v)
		if v.err == nil {
			counts[len(v.brokers)] = true
			short = short || len(v.brokers) < l.minBrokers
		}
	}
	answering := slices.DeleteFunc(views, func(v view) bool { return v.err != nil })
	short = short && len(answering) == len(l.brokers)
	c.hearViews(answering, short)

	total := tally(answers, l.answering)
	if short && total.verdict == Wait {
		total.evidence = l.shortage(counts, total.evidence)
	}
	return total
}

// count judges one view.
func (l *Ladder) count(v view) answer {
	if v.err != nil {
		return l.requestFault(v.addr, v.err)
	}
	a := answer{verdict: Pass, evidence: fmt.Sprintf("%s lists %s", v.addr, plural(len(v.brokers)))}
	if len(v.brokers) >= l.minBrokers {
		return a
	}
	a.verdict = Wait
	a.err = fmt.Errorf("%s of %d", plural(len(v.brokers)), l.minBrokers)
	a.hint = "start the missing brokers, or ask for fewer: --min-brokers, a lower replicationFactor, a profile that has one"
	return a
}

// shortage says how many are there and how many are needed; where the addresses differ, which of them says what.
func (l *Ladder) shortage(counts map[int]bool, each string) string {
	fewest := slices.Min(slices.Collect(maps.Keys(counts)))
	text := fmt.Sprintf("%s, %d needed", plural(fewest), l.minBrokers)
	if l.minBrokersWhy != "" {
		text += " (" + l.minBrokersWhy + ")"
	}
	if len(counts) > 1 {
		text += ": " + each
	}
	return text
}

func plural(brokers int) string {
	if brokers == 1 {
		return "1 broker"
	}
	return fmt.Sprintf("%d brokers", brokers)
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
