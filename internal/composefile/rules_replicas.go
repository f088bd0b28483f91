package composefile

import (
	"fmt"
	"slices"
	"strings"
)

// replicationFactors: offsets.topic.replication.factor and transaction.state.log.replication.factor
// default to 3, transaction.state.log.min.isr to 2. With fewer brokers __consumer_offsets is never
// made and consumers wait without an error (FindCoordinator is retried for ever). The topics of
// transactions and of share groups are made only for who uses them: a stack in which nobody is seen
// to do so works. The share coordinator's default is then no finding at all; a value too large is.
func replicationFactors(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		size, ok := stack.clusterSize(b)
		if !ok || b.controllerOnly() {
			continue
		}
		for _, row := range []struct {
			name string
			used bool
		}{
			{"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", true},
			{"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", stack.transactional()},
			{"KAFKA_DEFAULT_REPLICATION_FACTOR", true},
			{"KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", false},
		} {
			if n, ok := b.number(row.name); ok && n > size {
				report.byUse(row.used, b.service, b.atEnv(row.name), fmt.Sprintf("%d replicas in a cluster of %s: the topic cannot be made", n, brokerCount(size)),
					fmt.Sprintf("%s: %d", row.name, size))
			}
		}
		missingFactors(stack, b, size, report)
	}
}

// missingFactors reports defaults that do not fit, all of a broker at once.
func missingFactors(stack *Stack, b *broker, size int, report reporter) {
	if b.image.apache() && !b.configured() {
		return // the file it ships sets them all to 1
	}
	const offsets = "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"
	var names, lines []string
	for _, row := range []struct {
		name     string
		standard int
		bounded  bool
	}{
		{offsets, 3, false},
		{"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", 3, false},
		{"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", 2, b.boundsMinISR()},
	} {
		if row.standard > size && b.lacks(row.name) && !row.bounded {
			names = append(names, fmt.Sprintf("%s (default %d)", row.name, row.standard))
			lines = append(lines, fmt.Sprintf("%s: %d", row.name, size))
		}
	}
	if len(lines) == 0 {
		return
	}
	groups := b.lacks(offsets) && size < 3
	who := "transactions"
	switch {
	case groups && len(names) == 1:
		who = "consumer groups"
	case groups:
		who = "consumer groups and transactions"
	}
	report.byUse(groups || stack.transactional(), b.service, b.at(key("environment")), fmt.Sprintf(
		"not set: %s; a cluster of %s cannot meet that, and %s wait for ever, without an error",
		strings.Join(names, ", "), brokerCount(size), who), strings.Join(lines, ", "))
}

// transactional reports that some service is seen to use transactions: by its settings, or because
// it is ksqlDB, which writes its commands in one since 0.7 (confluentinc/ksql#4456), cp-ksqldb-server
// 5.5 in Confluent's numbers.
func (s *Stack) transactional() bool {
	return slices.ContainsFunc(s.services, func(svc *service) bool {
		if s.brokerOf(svc) != nil {
			return false
		}
		v := svc.image.tagVersion()
		if svc.image.is("cp-ksqldb-server") || svc.image.is("ksqldb-server") && !v.below(0, 7) {
			return true
		}
		for name := range svc.Environment {
			if asksForTransactions(name + "=" + svc.env(name).value) {
				return true
			}
		}
		return asksForTransactions(svc.script())
	})
}

// asksForTransactions reports transactional.id, processing.guarantee, transaction-id-prefix and
// exactly.once.source.support, however they are spelled.
func asksForTransactions(text string) bool {
	bare := strings.NewReplacer("_", "", "-", "", ".", "", " ", "").Replace(strings.ToLower(text))
	return containsAny(bare, "transactionalid", "transactionidprefix", "exactlyonce") && !strings.HasSuffix(bare, "disabled")
}

func brokerCount(n int) string {
	if n == 1 {
		return "1 broker"
	}
	return fmt.Sprintf("%d brokers", n)
}

// boundsMinISR reports a broker that asks for no more replicas in sync than a topic has: Kafka since
// 3.7 (KAFKA-15583).
func (b *broker) boundsMinISR() bool { return b.image.kafka().atLeast(3, 7) }

// minISRs: a write with acks=all (the producer's default) needs min.insync.replicas replicas in
// sync. More than there are mean NOT_ENOUGH_REPLICAS for each write before Kafka 3.7, and since
// then what there are.
func minISRs(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if b.controllerOnly() {
			continue
		}
		size, sized := stack.clusterSize(b)
		for _, row := range []minISR{
			{"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", stack.transactional()},
			{"KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", false},
			{"KAFKA_MIN_INSYNC_REPLICAS", "KAFKA_DEFAULT_REPLICATION_FACTOR", true},
		} {
			isr, ok := b.number(row.isr)
			factor, set := b.number(row.factor)
			switch {
			case !ok:
			case set && isr > factor:
				row.report(b, fmt.Sprintf("%d in-sync replicas are asked for and %s is %d", isr, row.factor, factor), factor, report)
			case sized && isr > size:
				row.report(b, fmt.Sprintf("%d in-sync replicas are asked for in a cluster of %s", isr, brokerCount(size)), size, report)
			}
		}
	}
}

// minISR is a setting for replicas in sync, the one for the replicas that there are, and whether some
// service is seen to use the topics that they are for.
type minISR struct {
	isr, factor string
	used        bool
}

func (m minISR) report(b *broker, what string, most int, report reporter) {
	effect := ": no write with acks=all succeeds"
	if b.boundsMinISR() {
		effect = fmt.Sprintf(": Kafka asks for %d since 3.7, before which no write with acks=all succeeds", most)
	}
	report.byUse(m.used && !b.boundsMinISR(), b.service, b.atEnv(m.isr), what+effect, fmt.Sprintf("%s: %d", m.isr, most))
}
