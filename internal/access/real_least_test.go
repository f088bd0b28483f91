package access

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafkatest"
)

// On each kind of authorizer: a service that consumes, and produces in transactions, works with just the rights that are
// derived, at the first try, and does not with any one less.
func TestRealLeast(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.Kraft1, kafkatest.Kraft1Before4, kafkatest.ZK1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			a := startAuthorized(t, flavour, "billing")
			a.topics(t, []string{"order.created", "order.created.dlq", "invoice.sent"}, nil)
			bindings := a.grant(t, `
services:
  Billing: {principal: User:billing, group: billing, transactionalId: billing-*, hosts: [127.0.0.1]}
topics:
  order.created: {consumers: [Billing], dlq: order.created.dlq}
  order.created.dlq: {}
  invoice.sent: {producers: [Billing]}
`)
			a.coordinate(t)
			if err := a.bill(t, "whole"); err != nil {
				t.Fatalf("with all rights: %v", err)
			}
			for i, b := range bindings {
				a.take(t, b)
				if err := a.bill(t, fmt.Sprint(i)); !isRefusal(err) {
					t.Errorf("without the right that %s: %v", b, err)
				}
				a.put(t, []acl.Binding{b})
			}
			if err := a.bill(t, "again"); err != nil {
				t.Errorf("with all rights again: %v", err)
			}
		})
	}
}

// order writes an order.
func (a authorized) order(t *testing.T) {
	t.Helper()
	if err := a.client.ProduceSync(t.Context(), &kgo.Record{Topic: "order.created", Value: []byte("order")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// coordinate has the brokers make their topics of groups and of transactions, as they do for the first client of all.
func (a authorized) coordinate(t *testing.T) {
	t.Helper()
	a.order(t)
	session, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(a.cluster.Addrs()...), kgo.TransactionalID("first"),
		kgo.ConsumerGroup("first"), kgo.ConsumeTopics("order.created"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := bill(t.Context(), session, session.Client()); err != nil {
		t.Fatal(err)
	}
}

// bill is one run of the service for a new order.
func (a authorized) bill(t *testing.T, id string) error {
	t.Helper()
	a.order(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	login := []kgo.Opt{
		kgo.SeedBrokers(a.cluster.ListenerAddrs("LOGIN")...), kgo.SASL(plain.Auth{User: "billing", Pass: secret("billing")}.AsMechanism()),
		kgo.RecordDeliveryTimeout(10 * time.Second), kgo.UnknownTopicRetries(-1),
	}
	session, err := kgo.NewGroupTransactSession(append(login, kgo.TransactionalID("billing-"+id), kgo.ConsumerGroup("billing"),
		kgo.ConsumeTopics("order.created"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	if err != nil {
		return err
	}
	defer session.Close()
	letters, err := kgo.NewClient(login...)
	if err != nil {
		return err
	}
	defer letters.Close()
	return bill(ctx, session, letters)
}

// bill reads an order and writes an invoice in a transaction, and a dead letter outside of it.
func bill(ctx context.Context, session *kgo.GroupTransactSession, letters *kgo.Client) error {
	fetches := session.PollFetches(ctx)
	if err := fetches.Err(); err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	if err := session.Begin(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	var produced error
	session.Produce(ctx, &kgo.Record{Topic: "invoice.sent", Value: []byte("invoice")}, func(_ *kgo.Record, err error) { produced = err })
	if letters != session.Client() {
		if err := letters.ProduceSync(ctx, &kgo.Record{Topic: "order.created.dlq", Value: []byte("order")}).FirstErr(); err != nil {
			return fmt.Errorf("produce a dead letter: %w", err)
		}
	}
	committed, err := session.End(ctx, kgo.TryCommit)
	if err == nil && produced == nil && !committed {
		err = errors.New("not committed")
	}
	return errors.Join(produced, err)
}

func isRefusal(err error) bool {
	return errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.GroupAuthorizationFailed) || errors.Is(err, kerr.TransactionalIDAuthorizationFailed)
}
