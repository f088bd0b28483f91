package embedded

import (
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// onlyKfake is a name among those of a request's settings that is none: it marks a request that kfake
// answers alone.
const onlyKfake = "kafkactl.dev"

// describeConfigs adds the settings of topics that kfake does not describe: it has a third of them.
func (j *judge) describeConfigs(req *kmsg.DescribeConfigsRequest) (kmsg.Response, error) {
	type resource = kmsg.DescribeConfigsRequestResource
	isTopic := func(r resource) bool { return r.ResourceType == kmsg.ConfigResourceTypeTopic }
	marked := func(r resource) bool { return slices.Contains(r.ConfigNames, onlyKfake) }
	if !slices.ContainsFunc(req.Resources, isTopic) || slices.ContainsFunc(req.Resources, marked) {
		return nil, nil
	}
	asked := slices.Clone(req.Resources)
	for i := range req.Resources {
		if r := &req.Resources[i]; isTopic(*r) {
			names := maps.Clone(j.settingsOf(r.ResourceName)) // a data directory may hold unknown ones
			for name := range topicDefaults() {
				names[name] = nil
			}
			r.ConfigNames = append(slices.Collect(maps.Keys(names)), onlyKfake)
		}
	}
	resp, err := rest[*kmsg.DescribeConfigsResponse](j, req)
	if err != nil {
		return nil, err
	}
	for i := range resp.Resources {
		if r := &resp.Resources[i]; isTopic(asked[i]) && r.ErrorCode == 0 {
			r.Configs = describedConfigs(r.Configs, asked[i].ConfigNames)
		}
	}
	return resp, nil
}

// describedConfigs returns those of the settings that were asked for, sorted: all when names is nil.
// The ones that are not there have their default.
func describedConfigs(known []kmsg.DescribeConfigsResponseResourceConfig, names []string) []kmsg.DescribeConfigsResponseResourceConfig {
	missing := topicDefaults()
	for i := range known {
		config := &known[i]
		if setting, ok := missing[config.Name]; ok {
			config.ConfigType = setting.kind // kfake has none of those without a default
		}
		delete(missing, config.Name)
	}
	for name, missed := range missing {
		config := kmsg.NewDescribeConfigsResponseResourceConfig()
		config.Name, config.Value, config.ConfigType = name, &missed.value, missed.kind
		config.Source, config.IsDefault = kmsg.ConfigSourceDefaultConfig, true
		known = append(known, config)
	}
	if names != nil {
		known = slices.DeleteFunc(known, func(c kmsg.DescribeConfigsResponseResourceConfig) bool {
			return !slices.Contains(names, c.Name)
		})
	}
	slices.SortFunc(known, func(a, b kmsg.DescribeConfigsResponseResourceConfig) int {
		return strings.Compare(a.Name, b.Name)
	})
	return known
}
