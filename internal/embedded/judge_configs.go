package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// defaultPolicy is the default of cleanup.policy, the one list that has items without being set.
const defaultPolicy = "delete"

// incrementalAlterConfigs refuses the changes of topics, topic by topic; the others are made. Those of
// brokers and groups are kfake's to judge.
func (j *judge) incrementalAlterConfigs(req *kmsg.IncrementalAlterConfigsRequest) (kmsg.Response, error) {
	resp := answerTo[*kmsg.IncrementalAlterConfigsResponse](req)
	type resource = kmsg.IncrementalAlterConfigsRequestResource
	taken := splitRefused(req.Resources, func(r resource) string { return resourceKey(r.ResourceType, r.ResourceName) }, j.changes,
		func(r *resource, why *refusal) {
			answer := kmsg.NewIncrementalAlterConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			answer.ErrorCode, answer.ErrorMessage = why.answer()
			resp.Resources = append(resp.Resources, answer)
		})
	if len(resp.Resources) == 0 {
		return nil, nil
	}
	if len(taken) > 0 {
		req.Resources = taken
		rest, err := rest[*kmsg.IncrementalAlterConfigsResponse](j, req)
		if err != nil {
			return nil, err
		}
		resp.Resources = append(resp.Resources, rest.Resources...)
	}
	return resp, nil
}

// splitRefused returns the resources that are not refused, and calls refused for the others: for those
// that judge refuses, and for those whose key is there twice.
func splitRefused[T any](resources []T, key func(T) string, judge func(*T) *refusal, refused func(*T, *refusal)) (taken []T) {
	twice := repeated(resources, key)
	for i := range resources {
		r := &resources[i]
		why := refuse(kerr.InvalidRequest, "Each resource must appear at most once.")
		if !twice[key(*r)] {
			why = judge(r)
		}
		if why == nil {
			taken = append(taken, *r)
		} else {
			refused(r, why)
		}
	}
	return taken
}

func resourceKey(kind kmsg.ConfigResourceType, name string) string { return kind.String() + " " + name }

// changes judges the changes of a topic's settings by the whole that results. Those of lists are
// written as the list that results, since kfake knows no defaults.
func (j *judge) changes(r *kmsg.IncrementalAlterConfigsRequestResource) *refusal {
	if r.ResourceType != kmsg.ConfigResourceTypeTopic {
		return nil
	}
	names := make([]string, len(r.Configs))
	var null []string
	for i, c := range r.Configs {
		if names[i] = c.Name; c.Value == nil && c.Op != kmsg.IncrementalAlterConfigOpDelete {
			null = append(null, c.Name)
		}
	}
	if why := malformed(names, null); why != nil {
		return why
	}
	whole := j.settingsOf(r.ResourceName)
	for i := range r.Configs {
		c := &r.Configs[i]
		switch c.Op {
		case kmsg.IncrementalAlterConfigOpSet:
		case kmsg.IncrementalAlterConfigOpDelete:
			delete(whole, c.Name)
			continue
		case kmsg.IncrementalAlterConfigOpAppend, kmsg.IncrementalAlterConfigOpSubtract:
			if !topicspec.IsList(c.Name) {
				return refuse(kerr.InvalidConfig, "Can't %s to key %s because its type is not LIST.", c.Op, c.Name)
			}
			list := changeList(listOf(c.Name, whole[c.Name]), c.Op, *c.Value)
			c.Op, c.Value = kmsg.IncrementalAlterConfigOpSet, &list
		default:
			return refuse(kerr.UnknownServerError, "")
		}
		whole[c.Name] = c.Value
	}
	return j.topicSettings(r.ResourceName, whole)
}

// malformed refuses changes that no setting's rule needs to be known for. null are the names without
// a value.
func malformed(names, null []string) *refusal {
	switch {
	case len(repeated(names, func(s string) string { return s })) > 0:
		return refuse(kerr.InvalidRequest, "Error due to duplicate config keys")
	case len(null) > 0:
		return refuse(kerr.InvalidRequest, "Null value not supported for : %s", strings.Join(null, ","))
	default:
		return nil
	}
}

// settingsOf returns what a topic has set; nothing for one that is not there.
func (j *judge) settingsOf(topic string) map[string]*string {
	if info := j.kfake.TopicInfo(topic); info != nil {
		return info.Configs
	}
	return map[string]*string{}
}

// topicSettings judges the settings that a topic would have, and then whether it is there.
func (j *judge) topicSettings(topic string, whole map[string]*string) *refusal {
	if topic == "" {
		return refuse(kerr.InvalidRequest, "Default topic resources are not allowed.")
	}
	if words := topicspec.BrokerNameRefusal(topic); words != "" {
		return refuse(kerr.InvalidTopicException, "%s", words)
	}
	if r := judgeSettings(whole); r != nil {
		return r
	}
	if j.kfake.TopicInfo(topic) == nil {
		return refuse(kerr.UnknownTopicOrPartition, "The topic '%s' does not exist.", topic)
	}
	return nil
}

// listOf is the list that a setting has, its default when it has none.
func listOf(name string, value *string) []string {
	switch {
	case value == nil && name == "cleanup.policy":
		return []string{defaultPolicy}
	case value == nil || *value == "":
		return nil
	default:
		return strings.Split(*value, ",")
	}
}

// changeList adds the items that are not there, or takes them away.
func changeList(list []string, op kmsg.IncrementalAlterConfigOp, items string) string {
	for _, item := range strings.Split(items, ",") {
		switch {
		case op == kmsg.IncrementalAlterConfigOpSubtract:
			list = slices.DeleteFunc(list, func(s string) bool { return s == item })
		case !slices.Contains(list, item):
			list = append(list, item)
		}
	}
	return strings.Join(list, ",")
}

// alterConfigs is as incrementalAlterConfigs, for requests that name the whole.
func (j *judge) alterConfigs(req *kmsg.AlterConfigsRequest) (kmsg.Response, error) {
	resp := answerTo[*kmsg.AlterConfigsResponse](req)
	type resource = kmsg.AlterConfigsRequestResource
	taken := splitRefused(req.Resources, func(r resource) string { return resourceKey(r.ResourceType, r.ResourceName) }, j.replacement,
		func(r *resource, why *refusal) {
			answer := kmsg.NewAlterConfigsResponseResource()
			answer.ResourceType, answer.ResourceName = r.ResourceType, r.ResourceName
			answer.ErrorCode, answer.ErrorMessage = why.answer()
			resp.Resources = append(resp.Resources, answer)
		})
	if len(resp.Resources) == 0 {
		return nil, nil
	}
	if len(taken) > 0 {
		req.Resources = taken
		rest, err := rest[*kmsg.AlterConfigsResponse](j, req)
		if err != nil {
			return nil, err
		}
		resp.Resources = append(resp.Resources, rest.Resources...)
	}
	return resp, nil
}

// replacement judges all settings that a topic is to have.
func (j *judge) replacement(r *kmsg.AlterConfigsRequestResource) *refusal {
	if r.ResourceType != kmsg.ConfigResourceTypeTopic {
		return nil
	}
	names, whole := make([]string, len(r.Configs)), map[string]*string{}
	var null []string
	for i, c := range r.Configs {
		names[i], whole[c.Name] = c.Name, c.Value
		if c.Value == nil {
			null = append(null, c.Name)
		}
	}
	if why := malformed(names, null); why != nil {
		return why
	}
	return j.topicSettings(r.ResourceName, whole)
}
