package admin

import (
	"fmt"

	"kafkactl/internal/topicspec"
)

// withoutMoves returns the plan with its reassignments as blocked changes: replicas are not moved. What depends on
// them is blocked with them.
func withoutMoves(plan topicspec.Plan) topicspec.Plan {
	var refused []topicspec.Placement
	for _, change := range plan.Changes {
		if change.Action != topicspec.Reassign {
			continue
		}
		reason := "changing it copies every record to other brokers: move them with kafka-reassign-partitions, or declare %s"
		if change.Risk == topicspec.NoRisk {
			reason = "kafkactl does not move replicas: declare %s, or delete the topic by name (it holds no record) and apply again"
		}
		refused = append(refused, topicspec.Placement{Topic: change.Topic, Blocked: fmt.Sprintf(reason, change.Before)})
	}
	return plan.Placed(refused)
}
