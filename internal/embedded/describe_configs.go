package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// describeConfigs adds the settings of topics that kfake does not describe: it has a third of them.
func (j *judge) describeConfigs(req *kmsg.DescribeConfigsRequest) (kmsg.Response, error) {
	type resource = kmsg.DescribeConfigsRequestResource
	isTopic := func(r resource) bool { return r.ResourceType == kmsg.ConfigResourceTypeTopic }
	if !slices.ContainsFunc(req.Resources, isTopic) || slices.ContainsFunc(req.Resources, isOnlyKfake) {
		return nil, nil
	}
	asked := slices.Clone(req.Resources)
	for i := range req.Resources {
		if r := &req.Resources[i]; isTopic(*r) {
			r.ConfigNames = nil // all
		}
	}
	req.Resources = append(req.Resources, onlyKfake())
	resp, err := rest[*kmsg.DescribeConfigsResponse](j, req)
	if err != nil {
		return nil, err
	}
	resp.Resources = resp.Resources[:len(asked)]
	defaults := topicDefaults()
	for i := range resp.Resources {
		if r := &resp.Resources[i]; isTopic(asked[i]) && r.ErrorCode == 0 {
			r.Configs = describedConfigs(r.Configs, defaults, asked[i].ConfigNames)
		}
	}
	return resp, nil
}

// onlyKfake returns a resource that there is not: it marks a request that kfake answers alone.
func onlyKfake() kmsg.DescribeConfigsRequestResource {
	mark := kmsg.NewDescribeConfigsRequestResource()
	mark.ResourceName = "answered by kfake alone"
	return mark
}

func isOnlyKfake(r kmsg.DescribeConfigsRequestResource) bool {
	mark := onlyKfake()
	return r.ResourceType == mark.ResourceType && r.ResourceName == mark.ResourceName
}

// describedConfigs returns those of the settings that were asked for, sorted: all when names is nil.
// The ones that are not known have their default.
func describedConfigs(
	known []kmsg.DescribeConfigsResponseResourceConfig, defaults []topicDefault, names []string,
) []kmsg.DescribeConfigsResponseResourceConfig {
	type config = kmsg.DescribeConfigsResponseResourceConfig
	all := withDefaults(known, defaults, func(c config) string { return c.Name }, func(d *topicDefault) config {
		c := kmsg.NewDescribeConfigsResponseResourceConfig()
		c.Name, c.Value = d.name, &d.value
		c.Source, c.IsDefault = kmsg.ConfigSourceDefaultConfig, true
		return c
	})
	for i := range all { // kfake has no type of settings without a default
		at, ok := slices.BinarySearchFunc(defaults, all[i].Name, func(d topicDefault, name string) int {
			return strings.Compare(d.name, name)
		})
		if ok {
			all[i].ConfigType = defaults[at].kind
		}
	}
	if names == nil {
		return all
	}
	return slices.DeleteFunc(all, func(c config) bool { return !slices.Contains(names, c.Name) })
}
