package embedded

import (
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
	asked, defaults := slices.Clone(req.Resources), topicDefaults()
	names := []string{onlyKfake}
	for _, setting := range defaults {
		names = append(names, setting.name)
	}
	for i := range req.Resources {
		if r := &req.Resources[i]; isTopic(*r) {
			r.ConfigNames = slices.Clip(names)
			for name := range j.settingsOf(r.ResourceName) { // a data directory may hold unknown ones
				if !slices.Contains(names, name) {
					r.ConfigNames = append(r.ConfigNames, name)
				}
			}
		}
	}
	resp, err := rest[*kmsg.DescribeConfigsResponse](j, req)
	if err != nil {
		return nil, err
	}
	for i := range resp.Resources {
		if r := &resp.Resources[i]; isTopic(asked[i]) && r.ErrorCode == 0 {
			r.Configs = describedConfigs(r.Configs, defaults, asked[i].ConfigNames)
		}
	}
	return resp, nil
}

// describedConfigs returns those of the settings that were asked for, sorted: all when names is nil.
// The ones that are not known have their default.
func describedConfigs(known []kmsg.DescribeConfigsResponseResourceConfig, defaults []topicDefault, names []string) []kmsg.DescribeConfigsResponseResourceConfig {
	at := make(map[string]int, len(known))
	for i, config := range known {
		at[config.Name] = i
	}
	for _, setting := range defaults {
		if i, ok := at[setting.name]; ok {
			known[i].ConfigType = setting.kind // kfake has none of those without a default
			continue
		}
		config := kmsg.NewDescribeConfigsResponseResourceConfig()
		config.Name, config.Value, config.ConfigType = setting.name, &setting.value, setting.kind
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
