package stack

import (
	"fmt"
	"strconv"
	"strings"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/topicspec"
)

// testLasts is how long a test may last, in milliseconds: what a topic declares to happen later is
// not missed. The embedded Kafka looks at retention once in that time.
const testLasts = 3_600_000

// notByTime names the topics whose records a broker would delete or compact while a test runs, and
// the embedded Kafka does not; "" when there are none.
func notByTime(desired []topicspec.Desired) string {
	const shown = 3
	var topics []string
	for _, d := range desired {
		for _, name := range []string{"retention.ms", "max.compaction.lag.ms"} {
			value := d.Config[name].Value
			if ms, err := strconv.ParseInt(value, 10, 64); err == nil && ms >= 0 && ms < testLasts {
				topics = append(topics, fmt.Sprintf("%s (%s %s)", d.Name, name, topicspec.Humanize(name, value)))
				break
			}
		}
	}
	if len(topics) == 0 {
		return ""
	}
	text := strings.Join(topics[:min(shown, len(topics))], ", ")
	if more := len(topics) - shown; more > 0 {
		text += fmt.Sprintf(" and %s", term.Count(more, "more topic"))
	}
	return "an embedded Kafka keeps records longer than Kafka would: nothing is deleted or compacted within an hour, as declared for " + text
}
