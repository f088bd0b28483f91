package topics

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafka"
)

// text writes the answer for people: who, how connected, what is permitted.
func (v whoAmIView) text(w io.Writer, st term.Styles) {
	who, reason := v.Principal.Name, v.Principal.Reason
	if who == "" {
		who, reason = "principal", st.Warn.Render("not known")+", "+reason
	}
	fmt.Fprintf(w, "%s: %s\n", st.Bold.Render(who), reason)
	rows := [][]string{{"connected", v.connection()}}
	if doubt := v.doubt(); doubt != "" {
		rows = append(rows, []string{"unless", doubt})
	}
	if doc := v.tlsDoc(); doc != nil {
		rows = append(rows, []string{"encrypted", doc.Version + ", " + doc.Cipher}, []string{"broker", certificateText(st, doc.Broker)})
		if doc.Client != nil {
			rows = append(rows, []string{"client", certificateText(st, *doc.Client)})
		}
	}
	st.Sentences(w, append(rows, v.permitted(st)...))
}

// connection returns what is at the other end.
func (v whoAmIView) connection() string {
	text := string(v.protocol())
	if mechanism := v.security.Mechanism(); mechanism != "" {
		text += " with " + mechanism
	}
	text += " to " + v.dialled
	if v.Broker.ID >= 0 {
		text += fmt.Sprintf(", broker %d", v.Broker.ID)
	}
	if v.Listener != "" {
		text += ", listener " + v.Listener
	}
	return text + ", cluster " + term.OrDash(v.ClusterID)
}

// doubt returns what may make another principal, and why that is not known; "" where it is sure.
func (v whoAmIView) doubt() string {
	if v.Principal.Doubt == "" {
		return ""
	}
	text := "the broker's " + v.Principal.Doubt + " says otherwise"
	if v.SettingsErr != nil {
		text += ", which cannot be read: " + v.SettingsErr.Error()
	}
	return text
}

func certificateText(st term.Styles, c certificateDoc) string {
	until := "until " + c.NotAfter.Format(time.DateOnly)
	if time.Until(c.NotAfter) < 30*24*time.Hour {
		until = st.Warn.Render("! " + until)
	}
	return c.Subject + ", valid " + until
}

// permitted returns what may be done. Without an authorizer that is everything.
func (v whoAmIView) permitted(st term.Styles) [][]string {
	switch {
	case v.AuthorizerErr != nil:
		return append([][]string{{"authorizer", "not known: " + v.AuthorizerErr.Error()}}, v.operations(st)...)
	case !v.Authorizer:
		return [][]string{{"authorizer", st.Warn.Render("none") + ": everybody may do everything"}}
	}
	return append([][]string{{"authorizer", "yes"}}, v.operations(st)...)
}

func (v whoAmIView) operations(st term.Styles) [][]string {
	rows := [][]string{{"cluster", operationsText(st, kafka.Permitted{Operations: v.Cluster, Err: v.ClusterErr})}}
	for _, t := range v.Topics {
		rows = append(rows, []string{"topic " + t.Name, operationsText(st, t)})
	}
	for _, g := range v.groups {
		rows = append(rows, []string{"group " + g.Name, operationsText(st, g)})
	}
	return rows
}

// operationsText returns the operations of one resource, or why they are not known. Who may not Describe it, may have
// rights all the same, which brokers do not tell: Create, DescribeConfigs and AlterConfigs do not imply Describe.
func operationsText(st term.Styles, p kafka.Permitted) string {
	switch {
	case isAbsent(p):
		return "does not exist"
	case errors.As(p.Err, new(*kafka.DeniedError)):
		return st.Warn.Render("not told") + " without Describe"
	case p.Err != nil:
		return "not known: " + p.Err.Error()
	case p.Operations == nil:
		return "not known: the broker is too old to tell"
	}
	return cmp.Or(strings.Join(p.Operations, ", "), "nothing")
}

func isAbsent(p kafka.Permitted) bool { return errors.Is(p.Err, kerr.UnknownTopicOrPartition) }
