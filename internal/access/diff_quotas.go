package access

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/topicspec"
)

// quotas compares client quotas (KIP-546): a value that the file does not name is left alone. Brokers have them as
// doubles, so numbers are compared and not their texts.
func (c *comparison) quotas() {
	type value struct {
		QuotaEntity
		key string
	}
	seen := make(map[value]bool)
	for _, service := range c.desired.Services {
		name, isUser := userName(service.Principal)
		if !isUser {
			continue
		}
		if c.owners.absent(service.Principal) {
			if at := (value{QuotaEntity: QuotaEntity{User: name}}); !seen[at] {
				seen[at] = true
				c.forgetQuotas(service, name)
			}
			continue
		}
		entity := QuotaEntity{name, service.QuotaClientID}
		for _, key := range slices.Sorted(maps.Keys(service.Quota)) {
			if at := (value{entity, key}); !seen[at] {
				seen[at] = true
				c.quota(service, entity, key)
			}
		}
	}
}

func (c *comparison) quota(service topicspec.DesiredService, entity QuotaEntity, key string) {
	declared := service.Quota[key]
	observed, exists := c.observed.Quotas[entity][key]
	made := topicspec.Change{Kind: topicspec.KindQuota, Field: key, Action: topicspec.Set, Access: subject(service)}
	made.Access.ClientID = entity.ClientID
	if exists {
		made.Before = number(observed)
	}
	wanted, err := strconv.ParseFloat(declared.Value, 64)
	switch {
	case declared.Unset && exists:
		made.Action = topicspec.Unset
	case declared.Unset, err == nil && exists && wanted == observed:
		c.compared.Quotas++
		return
	default:
		made.After = topicspec.Text(declared.Value)
	}
	c.limits = append(c.limits, change(made, ""))
}

func number(n float64) topicspec.Text { return topicspec.Text(strconv.FormatFloat(n, 'f', -1, 64)) }

// forgetQuotas removes all quotas of a user who shall have none, also those for one client.id.
func (c *comparison) forgetQuotas(service topicspec.DesiredService, name string) {
	var entities []QuotaEntity
	for entity := range c.observed.Quotas {
		if entity.User == name {
			entities = append(entities, entity)
		}
	}
	slices.SortFunc(entities, func(a, b QuotaEntity) int { return strings.Compare(a.ClientID, b.ClientID) })
	for _, entity := range entities {
		for _, key := range slices.Sorted(maps.Keys(c.observed.Quotas[entity])) {
			made := topicspec.Change{
				Kind: topicspec.KindQuota, Field: key, Action: topicspec.Delete, Risk: topicspec.RiskRevoke,
				Before: number(c.observed.Quotas[entity][key]), Access: subject(service),
			}
			made.Access.ClientID = entity.ClientID
			c.limits = append(c.limits, change(made, c.owners.keeps(service.Principal)))
		}
	}
}
