package health

import (
	"testing"

	"kafkactl/internal/kafkatest/docpage"
)

// Advice that only a network of containers provokes, compared with docs/troubleshooting.md.
func TestAdviceInContainersIsThePages(t *testing.T) {
	t.Parallel()
	l := ladder(t, Options{Brokers: []string{"localhost:9092"}, Place: InContainer})
	docpage.Want(t, "localhost-in-a-container-answered", "hint: "+l.neighbourHint("localhost:9092", "kafka:9092").text, docpage.NoExit)
	advertised := l.advertisedHint(hop{broker{1, "localhost:29092"}, "kafka:9092"})
	docpage.Want(t, "advertised-localhost", "hint: "+advertised.text, docpage.NoExit)
}
