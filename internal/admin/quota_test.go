package admin

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// A quota that lasts longer than there is time ends the wait at once, is remembered for changes that
// come later, and holds no settings back.
func TestQuotaThatLastsTooLong(t *testing.T) {
	t.Parallel()
	refusal := &kafka.BrokerError{Kafka: kerr.ThrottlingQuotaExceeded, Detail: "d"}
	var quota *QuotaError
	if err := heldBack(refusal, 90_000); !errors.As(err, &quota) || quota.Wait != 90*time.Second || !errors.Is(err, kerr.ThrottlingQuotaExceeded) {
		t.Fatalf("got %v", err)
	}
	if other := (&kafka.BrokerError{Kafka: kerr.PolicyViolation}); errors.As(heldBack(other, 90_000), new(*QuotaError)) {
		t.Error("another refusal stays what it is")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	if (&pace{}).pauseAfter(ctx, nil, quota) || time.Since(began) > 30*time.Second {
		t.Errorf("waited %s for what comes too late", time.Since(began))
	}
	memory := new(quotaMemory)
	memory.note(quota)
	memory.note(nil)
	if held := memory.now(topicspec.Create); held == nil || held.Wait > quota.Wait || held.Wait < 30*time.Second {
		t.Errorf("remembered %v", held)
	}
	if held := memory.now(topicspec.Set); held != nil {
		t.Errorf("holds a setting back: %v", held)
	}
}
