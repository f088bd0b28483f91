package admin

import (
	"context"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// settingChange is what becomes of a setting: a new value, none of its own, or a list with more entries
// or fewer.
type settingChange struct {
	key, value string
	op         kmsg.IncrementalAlterConfigOp
}

// alterConfigs changes settings of topics or brokers of one kind with IncrementalAlterConfigs, which
// leaves alone what it does not name. It returns an answer for each name. Settings of a broker can be
// changed on that broker alone.
func alterConfigs(ctx context.Context, to kmsg.Requestor, kind kmsg.ConfigResourceType, changes map[string][]settingChange) (map[string]error, error) {
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	for _, name := range sortedNames(changes) {
		resource := kmsg.NewIncrementalAlterConfigsRequestResource()
		resource.ResourceType, resource.ResourceName = kind, name
		for _, change := range changes[name] {
			setting := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
			setting.Name, setting.Op = change.key, change.op
			if change.op != kmsg.IncrementalAlterConfigOpDelete {
				setting.Value = kmsg.StringPtr(change.value)
			}
			resource.Configs = append(resource.Configs, setting)
		}
		req.Resources = append(req.Resources, resource)
	}
	answers := make(map[string]error, len(changes))
	for name := range changes {
		answers[name] = &LeftOutError{Item: name}
	}
	resp, err := req.RequestWith(ctx, to)
	if err != nil {
		return nil, kafka.Wrap("alter configs", err)
	}
	for _, r := range resp.Resources {
		denied := r.ResourceName
		if kind == kmsg.ConfigResourceTypeBroker {
			denied = "" // which is a right on the cluster
		}
		answers[r.ResourceName] = kafka.CodeError(kmsg.IncrementalAlterConfigs, denied, r.ErrorCode, r.ErrorMessage)
	}
	return answers, nil
}
