package legacy

import (
	"slices"
	"strings"
)

// configsCall is a call of kafka-configs.
type configsCall struct {
	verb, kind, name string
	all              bool // also settings that are not set
	set, unset, rest []string
}

// modernConfigs maps kafka-configs: the settings of topics, and those of a broker to look at.
func modernConfigs(c *call) ([]string, *Refusal) {
	var k configsCall
	for _, f := range c.flags {
		switch f.name {
		case "--describe", "--alter":
			k.verb = strings.TrimPrefix(f.name, "--")
		case "--entity-type":
			k.kind = strings.TrimSuffix(f.value, "s")
		case "--entity-name":
			k.name = f.value
		case "--topic", "--broker", "--user", "--client", "--group", "--ip", "--broker-logger", "--client-metrics":
			k.kind, k.name = strings.TrimPrefix(f.name, "--"), f.value
		case "--entity-default", "--broker-defaults", "--user-defaults", "--client-defaults":
			return c.cannot(f.name+": kafkactl knows the settings of topics and of single brokers", "kafkactl describe broker ID -o wide shows where each setting comes from")
		case "--all":
			k.all = true
		case "--add-config":
			for _, setting := range splitSettings(f.value) {
				k.set = append(k.set, "--config", setting)
			}
		case "--delete-config":
			k.unset = append(k.unset, "--delete-config", strings.Join(splitSettings(f.value), ","))
		case "--add-config-file":
			return c.cannot(f.name+": kafkactl takes settings from the command line, or topics from a topics file", "--config NAME=VALUE, or kafkactl apply -f topics.yaml")
		default:
			k.rest = append(k.rest, f.words...)
		}
	}
	k.rest = append(k.rest, c.where...)
	return k.modern(c)
}

func (k configsCall) modern(c *call) ([]string, *Refusal) {
	switch {
	case k.verb == "":
		return c.needs("--describe or --alter", "kafkactl describe TOPIC shows settings, kafkactl alter TOPIC changes them")
	case k.kind == "topic" && k.name == "":
		return c.needs("--entity-name", "kafkactl describe TOPIC shows the settings of one topic")
	case k.kind == "topic" && k.verb == "alter" && len(k.set)+len(k.unset) == 0:
		return c.needs("--add-config or --delete-config", "kafkactl alter TOPIC --config NAME=VALUE, or --delete-config NAME")
	case k.kind == "topic" && k.verb == "alter":
		return slices.Concat([]string{"alter", k.name}, k.set, k.unset, k.rest), nil
	case k.kind == "topic":
		return slices.Concat([]string{"describe"}, topicNamed(k.name), k.wide(), k.rest), nil
	case k.kind == "broker" && k.verb == "describe" && k.name != "":
		return slices.Concat([]string{"describe", "broker", k.name}, k.wide(), k.rest), nil
	case k.kind == "broker" && k.verb == "describe":
		return c.needs("--entity-name", "kafkactl describe broker ID shows the settings of one broker, kafkactl list brokers the ids")
	case k.kind == "":
		return c.needs("--entity-type", "kafkactl describe TOPIC shows settings, kafkactl alter TOPIC changes them")
	}
	limits := map[string]string{"describe": "shows the settings of topics and brokers alone", "alter": "changes the settings of topics alone"}
	return c.cannot("--"+k.verb+" for "+k.kind+"s: kafkactl "+limits[k.verb], "use Apache's kafka-configs for it")
}

func (k configsCall) wide() []string {
	if k.all && !namesOutput(k.rest) {
		return []string{"-o", "wide"}
	}
	return nil
}

// splitSettings splits k=v,k=[v,v] at the commas that are not in brackets, which it takes off.
func splitSettings(list string) []string {
	var settings []string
	depth, start := 0, 0
	add := func(end int) {
		setting := strings.TrimSpace(list[start:end])
		if name, value, found := strings.Cut(setting, "=["); found {
			setting = name + "=" + strings.TrimSuffix(value, "]")
		}
		if setting != "" {
			settings = append(settings, setting)
		}
		start = end + 1
	}
	for i, r := range list {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == ',' && depth == 0:
			add(i)
		}
	}
	add(len(list))
	return settings
}
