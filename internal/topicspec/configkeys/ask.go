package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const topic = "settings"

// topicSettings creates a topic and returns the kind of each setting that DescribeConfigs answers
// for it, by name.
func topicSettings(ctx context.Context, addrs []string) (map[string]string, error) {
	cl, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		return nil, err
	}
	defer cl.Close()
	created, err := kadm.NewClient(cl).CreateTopic(ctx, 1, 1, nil, topic)
	if err != nil {
		return nil, fmt.Errorf("create topic %q: %w", topic, err)
	}
	if created.Err != nil {
		return nil, fmt.Errorf("create topic %q: %w", topic, created.Err)
	}

	req := kmsg.NewPtrDescribeConfigsRequest()
	req.IncludeDocumentation = true // version 3 and later: kinds come with it
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType = kmsg.ConfigResourceTypeTopic
	resource.ResourceName = topic
	resource.ConfigNames = nil // all of them
	req.Resources = append(req.Resources, resource)
	resp, err := req.RequestWith(ctx, cl)
	if err != nil {
		return nil, fmt.Errorf("describe configs: %w", err)
	}
	if len(resp.Resources) != 1 {
		return nil, fmt.Errorf("describe configs: %d resources in the answer, want 1", len(resp.Resources))
	}
	if err := kerr.ErrorForCode(resp.Resources[0].ErrorCode); err != nil {
		return nil, fmt.Errorf("describe configs: %w", err)
	}
	return kindsByName(resp.Resources[0].Configs)
}

func kindsByName(configs []kmsg.DescribeConfigsResponseResourceConfig) (map[string]string, error) {
	if len(configs) == 0 {
		return nil, errors.New("describe configs: no settings in the answer")
	}
	byName := map[string]string{}
	for _, c := range configs {
		kind := kindName(c.ConfigType)
		if kind == "" {
			return nil, fmt.Errorf("describe configs: setting %q has unknown type %v", c.Name, c.ConfigType)
		}
		byName[c.Name] = kind
	}
	return byName, nil
}

// kindName is package topicspec's name for a type of Kafka's ConfigDef, and "" for one it has none
// for.
func kindName(t kmsg.ConfigType) string {
	switch t {
	case kmsg.ConfigTypeBoolean:
		return "kindBoolean"
	case kmsg.ConfigTypeString:
		return "kindString"
	case kmsg.ConfigTypeInt:
		return "kindInt"
	case kmsg.ConfigTypeShort:
		return "kindShort"
	case kmsg.ConfigTypeLong:
		return "kindLong"
	case kmsg.ConfigTypeDouble:
		return "kindDouble"
	case kmsg.ConfigTypeList:
		return "kindList"
	case kmsg.ConfigTypeClass:
		return "kindClass"
	case kmsg.ConfigTypePassword:
		return "kindPassword"
	case kmsg.ConfigTypeUnknown: // what a broker before DescribeConfigs v3 answers
	}
	return ""
}
