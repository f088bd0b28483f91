package health

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// producerIDRetry is the pause before a broker that is fetching producer ids is asked again.
const producerIDRetry = 10 * time.Millisecond

// producerID asks one broker for a producer id, which every idempotent producer needs first
// (KIP-98). A broker fetches them from the controller in blocks, the first only when it is asked,
// and answers COORDINATOR_LOAD_IN_PROGRESS meanwhile: it is asked again for as long as ctx allows.
func (l *Ladder) producerID(ctx context.Context, b broker) answer {
	var loading answer
	for {
		a := l.askProducerID(ctx, b)
		switch {
		case errors.Is(a.err, kerr.CoordinatorLoadInProgress):
			loading = a
		case loading.verdict != "" && ctx.Err() != nil: // an answer that the end of ctx cut off says less than the one before
			return loading
		default:
			return a
		}
		again := time.NewTimer(producerIDRetry)
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return loading
		}
	}
}

func (l *Ladder) askProducerID(ctx context.Context, b broker) answer {
	req := kmsg.NewPtrInitProducerIDRequest()
	req.TransactionTimeoutMillis = 60_000 // Kafka's default; it counts for transactional ids only
	resp, err := request[*kmsg.InitProducerIDResponse](ctx, l.clients, b.addr, req)
	if err != nil {
		return l.requestFault(fmt.Sprintf("broker %d", b.id), err)
	}
	switch err := kerr.ErrorForCode(resp.ErrorCode); {
	case errors.Is(err, kerr.ClusterAuthorizationFailed):
		return answer{verdict: Pass, evidence: fmt.Sprintf("broker %d: not proven: a producer id needs Write on a topic, which this user lacks", b.id)}
	case err != nil:
		a := unmet(fmt.Sprintf("broker %d hands out no producer id: %s", b.id, oneLine(err.Error())), err)
		a.hint = advise("producer-ids-soon")
		return a
	}
	return answer{verdict: Pass, evidence: fmt.Sprintf("broker %d hands out producer ids", b.id)}
}
