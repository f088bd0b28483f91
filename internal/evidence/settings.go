package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Kafka's names of the settings that decide which records are removed.
const (
	cleanupPolicy  = "cleanup.policy"
	retentionMs    = "retention.ms"
	retentionBytes = "retention.bytes"
	remoteStorage  = "remote.storage.enable"
)

// settings are the values in force on a topic. Retention is -1 for no limit.
type settings struct {
	policy  string
	ms      int64
	bytes   int64
	tiered  bool
	missing []string // settings that the broker did not describe
}

// newSettings reads values by name.
func newSettings(values map[string]string) settings {
	s := settings{policy: values[cleanupPolicy], ms: -1, bytes: -1, tiered: values[remoteStorage] == "true"}
	for _, limit := range []struct {
		name string
		into *int64
	}{{retentionMs, &s.ms}, {retentionBytes, &s.bytes}} {
		n, err := strconv.ParseInt(values[limit.name], 10, 64)
		if err != nil {
			s.missing = append(s.missing, limit.name)
			continue
		}
		*limit.into = max(n, -1)
	}
	if s.policy == "" {
		s.missing = append(s.missing, cleanupPolicy)
	}
	return s
}

// has reports whether cleanup.policy lists a policy.
func (s settings) has(policy string) bool { return lists(s.policy, policy) }

func lists(policies, policy string) bool {
	return slices.ContainsFunc(strings.Split(policies, ","), func(p string) bool { return strings.TrimSpace(p) == policy })
}

// lower reports whether one limit removes more than another.
func lower(limit, than int64) bool { return limit >= 0 && (than < 0 || limit < than) }

// mayTrim reports whether a change could make the brokers remove records that would have stayed, as far as it says
// itself what was before and what comes after.
func mayTrim(change topicspec.Change) bool {
	before, overrides := change.Before.(topicspec.Text)
	after, sets := change.After.(topicspec.Text)
	if change.Action != topicspec.Set && change.Action != topicspec.Unset {
		return false
	}
	switch change.Field {
	case retentionMs, retentionBytes:
		from, fromErr := strconv.ParseInt(string(before), 10, 64)
		to, toErr := strconv.ParseInt(string(after), 10, 64)
		return sets && toErr == nil && to >= 0 && (fromErr != nil || lower(to, from)) || !sets && !(fromErr == nil && from == 0)
	case cleanupPolicy:
		return (!sets || lists(string(after), "delete")) && !(overrides && lists(string(before), "delete"))
	default:
		return false
	}
}

// askSettings fills in the settings of topics that grow or that may be trimmed. Topics that are not trimmed, as their
// settings show, are not asked about any more.
func (c *Client) askSettings(ctx context.Context, all subjects) {
	asked := all.of(asksGrowth | asksTrim)
	if len(asked) == 0 {
		return
	}
	var (
		resp             *kmsg.DescribeConfigsResponse
		err, defaultErr  error
		defaultRetention string
	)
	together(func() {
		req := kafka.ConfigsRequest(kmsg.ConfigResourceTypeTopic, asked.names(), cleanupPolicy, retentionMs, retentionBytes, remoteStorage)
		req.IncludeSynonyms = true
		if resp, err = req.RequestWith(ctx, c.kafka.Any); err != nil {
			resp, err = kmsg.NewPtrDescribeConfigsResponse(), fmt.Errorf("describe configs: %w", err)
		}
	}, func() {
		if asked.unsetsRetention() {
			defaultRetention, defaultErr = c.defaultRetention(ctx)
		}
	})
	for _, s := range asked {
		s.settingsErr = cmp.Or(err, errors.New("the answer leaves them out"))
	}
	for _, r := range resp.Resources {
		if s := asked[r.ResourceName]; s != nil {
			s.settingsErr = kafka.CodeError(kmsg.DescribeConfigs, r.ResourceName, r.ErrorCode, r.ErrorMessage)
			s.takeSettings(r.Configs, defaultRetention)
			if s.settingsErr != nil && defaultErr != nil && s.before.missing == nil {
				s.settingsErr = defaultErr
			}
		}
	}
	for _, s := range asked {
		s.dropTrim()
	}
}

// takeSettings notes the settings that a broker described, and what they are after the changes.
func (s *subject) takeSettings(described []kmsg.DescribeConfigsResponseResourceConfig, defaultRetention string) {
	before, after := make(map[string]string), make(map[string]string)
	for _, d := range described {
		if d.Value != nil {
			before[d.Name], after[d.Name] = *d.Value, *d.Value
		}
		for _, change := range s.changes {
			text, sets := change.After.(topicspec.Text)
			switch {
			case change.Field != d.Name:
			case change.Action == topicspec.Set && sets:
				after[d.Name] = string(text)
			case change.Action == topicspec.Unset && d.Name == retentionMs:
				after[d.Name] = defaultRetention
			case change.Action == topicspec.Unset:
				after[d.Name] = defaultOf(d)
			}
		}
	}
	s.before, s.after = newSettings(before), newSettings(after)
	if missing := slices.Concat(s.before.missing, s.after.missing); s.settingsErr == nil && len(missing) > 0 {
		s.settingsErr = fmt.Errorf("the broker does not tell %s", missing[0])
	}
}

// defaultOf returns the value that holds when the topic does not set it, "" when it is not told.
func defaultOf(d kmsg.DescribeConfigsResponseResourceConfig) string {
	for _, synonym := range d.ConfigSynonyms {
		if synonym.Source != kmsg.ConfigSourceDynamicTopicConfig && synonym.Value != nil {
			return *synonym.Value
		}
	}
	return ""
}

// dropTrim takes the question of trims back when none of the changes trims.
func (s *subject) dropTrim() {
	if s.settingsErr != nil || s.asked&asksTrim == 0 {
		return
	}
	for _, change := range s.changes {
		if _, trims := s.limits(change); trims {
			return
		}
	}
	s.asked &^= asksTrim
}
