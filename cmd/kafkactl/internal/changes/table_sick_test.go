package changes

import (
	"errors"
	"time"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

func blockedPlan() topicspec.Plan {
	return topicspec.Plan{Topics: 11, Changes: []topicspec.Change{
		{Topic: "order.created", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 6, ReplicationFactor: 1}},
		{Topic: "order.updated", Field: "retention.ms", Action: topicspec.Set, Before: topicspec.Text("3600000"), After: topicspec.Text("604800000")},
		{Topic: "payment.failed", Field: topicspec.FieldPartitions, Action: topicspec.Blocked, Before: topicspec.Count(6), After: topicspec.Count(3), Reason: "Kafka cannot remove partitions"},
	}}
}

func failedReport() Report {
	plan := blockedPlan()
	outcomes := []admin.Outcome{
		{Change: plan.Changes[0], Result: admin.Done},
		{Change: plan.Changes[1], Result: admin.Failed, Err: errors.New("CLUSTER_AUTHORIZATION_FAILED: not permitted to alter the topic")},
		{Change: plan.Changes[2], Result: admin.Blocked},
	}
	return Report{Report: admin.Report{Plan: plan, Outcomes: outcomes}, Elapsed: 1230 * time.Millisecond}
}
