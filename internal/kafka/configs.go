package kafka

import "github.com/twmb/franz-go/pkg/kmsg"

// ConfigsRequest returns a DescribeConfigs request about the topics or brokers of one kind with
// these names: for the settings with the given keys, or for all of them.
func ConfigsRequest(kind kmsg.ConfigResourceType, names []string, keys ...string) *kmsg.DescribeConfigsRequest {
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range names {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName, resource.ConfigNames = kind, name, keys
		req.Resources = append(req.Resources, resource)
	}
	return req
}
