package admin

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Setting is one setting in force on a topic or a broker. Value is "" when it is sensitive.
type Setting struct {
	Name     string
	Value    string
	Source   string // Kafka's word, "DYNAMIC_TOPIC_CONFIG"
	Override bool   // set on the topic itself; of a broker's, not Kafka's default
}

// configsAnswer is the settings of one topic or broker, or why the broker that was asked does not
// show them.
type configsAnswer struct {
	settings []kmsg.DescribeConfigsResponseResourceConfig
	err      error
}

// describeConfigs asks to for the settings in force on topics or brokers of one kind, those that
// are not overridden included: all of them, or those with the given keys. The answers are by
// name, with one for each.
func describeConfigs(ctx context.Context, to kmsg.Requestor, kind kmsg.ConfigResourceType, names []string, keys ...string) (map[string]configsAnswer, error) {
	resp, err := kafka.ConfigsRequest(kind, names, keys...).RequestWith(ctx, to)
	if err != nil {
		return nil, fmt.Errorf("describe configs: %w", err)
	}
	subject, denied := "topic %q", func(name string) string { return name }
	if kind == kmsg.ConfigResourceTypeBroker {
		subject, denied = "broker %s", func(string) string { return "" } // which is a right on the cluster
	}
	answers := make(map[string]configsAnswer, len(names))
	for _, name := range names {
		answers[name] = configsAnswer{err: &LeftOutError{Item: fmt.Sprintf(subject, name)}}
	}
	for _, r := range resp.Resources {
		answer := configsAnswer{settings: r.Configs}
		if err := kafka.CodeError(kmsg.DescribeConfigs, denied(r.ResourceName), r.ErrorCode, r.ErrorMessage); err != nil {
			answer = configsAnswer{err: kafka.Wrap(fmt.Sprintf("describe the settings of "+subject, r.ResourceName), err)}
		}
		answers[r.ResourceName] = answer
	}
	return answers, nil
}

// list returns the settings by name; overrides reports whether a source is that of an override.
func (d configsAnswer) list(overrides func(kmsg.ConfigSource) bool) []Setting {
	settings := make([]Setting, len(d.settings))
	for i, s := range d.settings {
		settings[i] = Setting{Name: s.Name, Value: valueOf(s), Source: s.Source.String(), Override: overrides(s.Source)}
	}
	slices.SortFunc(settings, func(a, b Setting) int { return cmp.Compare(a.Name, b.Name) })
	return settings
}

// value returns the value of the setting with the name, "" when there is none.
func (d configsAnswer) value(name string) string {
	i := slices.IndexFunc(d.settings, func(s kmsg.DescribeConfigsResponseResourceConfig) bool { return s.Name == name })
	if i < 0 {
		return ""
	}
	return valueOf(d.settings[i])
}

func valueOf(s kmsg.DescribeConfigsResponseResourceConfig) string {
	if s.Value == nil {
		return ""
	}
	return *s.Value
}

func setOnTopic(source kmsg.ConfigSource) bool   { return source == kmsg.ConfigSourceDynamicTopicConfig }
func notKafkasOwn(source kmsg.ConfigSource) bool { return source != kmsg.ConfigSourceDefaultConfig }
