package readiness

import (
	"time"

	"kafkactl/internal/health"
)

func notReady() health.Readiness {
	skipped := func(rung string) health.Finding {
		return health.Finding{Rung: rung, Question: "asks ZooKeeper", Verdict: health.Skip, Evidence: "no ZooKeeper address given"}
	}
	return health.Readiness{Rungs: []health.Finding{
		{Rung: "K0", Question: "name resolves", Verdict: health.Pass, Evidence: "kafka: is 172.20.0.3", Took: 2 * time.Millisecond},
		{Rung: "K1", Question: "TCP accepts", Verdict: health.Wait, Evidence: "kafka:9092: connection refused", Hint: "is the broker started?", Took: time.Millisecond},
		{Rung: "K2", Question: "speaks Kafka", Verdict: health.Unasked, Evidence: "K1 does not hold"},
		skipped("Z1"), skipped("Z2"), skipped("Z5"),
		{Rung: "K3", Question: "enough brokers", Verdict: health.Unasked, Evidence: "K2 does not hold"},
		{Rung: "K9", Question: "data path", Verdict: health.Skip, Evidence: "not asked for"},
	}}
}
