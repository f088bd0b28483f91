package admin

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// QuotaError is a change that the brokers would make, and hold back: whoever asked has changed as many
// partitions as the quota controller_mutation_rate allows for now (KIP-599).
type QuotaError struct {
	// Wait is how long the brokers say to wait, 0 where they do not say.
	Wait  time.Duration
	Cause *kafka.BrokerError
}

// Error names the quota. It holds no time, so that it compares.
func (e *QuotaError) Error() string {
	return e.Cause.Kafka.Message + ": the quota controller_mutation_rate of this user or client is used up"
}

// Unwrap makes errors.Is with kerr.ThrottlingQuotaExceeded work.
func (e *QuotaError) Unwrap() error { return e.Cause }

// Hint returns how long to wait, and how the quota is raised.
func (e *QuotaError) Hint() string {
	wait := "wait"
	if e.Wait > 0 {
		wait = fmt.Sprintf("the brokers take more in %s: wait, or give a longer --timeout", e.Wait.Round(time.Second))
	}
	return wait + "; an administrator raises it: kafka-configs --bootstrap-server … --alter --entity-type users --entity-name NAME" +
		" --add-config controller_mutation_rate=N (or --entity-type clients, where it is that of the client id)"
}

// heldBack returns err as a [*QuotaError] where a quota is the reason. throttle is what the answer says
// to wait, in milliseconds.
func heldBack(err error, throttle int32) error {
	refusal, found := errors.AsType[*kafka.BrokerError](err)
	if !found || !errors.Is(err, kerr.ThrottlingQuotaExceeded) {
		return err
	}
	return &QuotaError{time.Duration(throttle) * time.Millisecond, refusal}
}

// quotaOf returns the error of the changes that are held back for longest; nil where none is.
func quotaOf(errs []error) *QuotaError {
	var longest *QuotaError
	for _, err := range errs {
		if quota, found := errors.AsType[*QuotaError](err); found && (longest == nil || quota.Wait > longest.Wait) {
			longest = quota
		}
	}
	return longest
}

// pause waits for as long as the brokers say, and reports whether ctx leaves the time for that: an
// earlier try would be refused, and one that is too late would not be made.
func (e *QuotaError) pause(ctx context.Context) bool {
	if end, bounded := ctx.Deadline(); bounded && time.Until(end) < e.Wait {
		return false
	}
	return kafka.Pause(ctx, max(e.Wait, shortestPause))
}

// quotaMemory is what held changes back last. Until its time is over brokers, and kgo for them, keep
// the next request back without a word, also after one that only validates.
type quotaMemory struct {
	mu   sync.Mutex
	last *QuotaError
	ends time.Time
}

// note remembers what holds changes back, nil for nothing.
func (m *quotaMemory) note(quota *QuotaError) {
	if quota == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last, m.ends = quota, time.Now().Add(quota.Wait)
}

// now returns what holds changes with action back now, nil for nothing. Settings are under no quota.
func (m *quotaMemory) now(action topicspec.Action) *QuotaError {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := time.Until(m.ends)
	if m.last == nil || left <= 0 || action == topicspec.Set || action == topicspec.Unset {
		return nil
	}
	return &QuotaError{left, m.last.Cause}
}

// awaitQuota waits until no quota holds the changes back. The answers are those of all changes where
// ctx leaves no time for that, and nil otherwise.
func (c *Client) awaitQuota(ctx context.Context, changes []topicspec.Change) []error {
	quota := c.quota.now(changes[0].Action)
	if quota == nil {
		return nil
	}
	c.reportWait(quota)
	if quota.pause(ctx) {
		return nil
	}
	answers := make([]error, len(changes))
	for i := range answers {
		answers[i] = &OverdueError{quota}
	}
	return answers
}
