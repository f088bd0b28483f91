package accessadmin

import (
	"context"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/access"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// makeQuotas writes and removes quotas, and waits until every live broker shows them so.
func (k *Keeper) makeQuotas(ctx context.Context, changes []topicspec.Change) []error {
	answers := k.deliver(ctx, changes, k.quotaSender(false))
	return k.settle(ctx, changes, answers, func(ctx context.Context, changes []topicspec.Change) []error {
		ask := func(ctx context.Context, id int32) (quotas, error) { return describeQuotas(ctx, k.client.On(id)) }
		return everyBroker(ctx, k, changes, ask, func(shown quotas, c topicspec.Change) string {
			value, there := shown[entityOf(c)][c.Field]
			wanted, err := quotaValue(c)
			switch {
			case c.After == nil && there:
				return "still shows it"
			case c.After != nil && (!there || err != nil || value != wanted):
				return "does not show it yet"
			}
			return ""
		})
	})
}

// entityOf returns whom a change of a quota is for.
func entityOf(c topicspec.Change) access.QuotaEntity {
	return access.QuotaEntity{User: c.Access.UserName(), ClientID: c.Access.ClientID}
}

// quotaValue returns what a quota shall be; 0 for one that goes.
func quotaValue(c topicspec.Change) (float64, error) {
	if c.After == nil {
		return 0, nil
	}
	value, err := strconv.ParseFloat(c.After.String(), 64)
	if err != nil {
		return 0, fmt.Errorf("quota %s is no number: %q", c.Field, c.After)
	}
	return value, nil
}

// quotaSender sends changes of quotas by one request, in which each entity is once: brokers answer for an entity as a
// whole. dry has them judge the changes without making them.
func (k *Keeper) quotaSender(dry bool) sender {
	return func(ctx context.Context, changes []topicspec.Change) []error {
		req := kmsg.NewPtrAlterClientQuotasRequest()
		req.ValidateOnly = dry
		places := make(map[access.QuotaEntity]int)
		for _, c := range changes {
			entity := entityOf(c)
			place, known := places[entity]
			if !known {
				place = len(req.Entries)
				places[entity] = place
				req.Entries = append(req.Entries, quotaEntry(entity))
			}
			op := kmsg.NewAlterClientQuotasRequestEntryOp()
			op.Key, op.Remove = c.Field, c.After == nil
			op.Value, _ = quotaValue(c)
			req.Entries[place].Ops = append(req.Entries[place].Ops, op)
		}
		resp, err := req.RequestWith(ctx, k.client.Any)
		if err != nil {
			return failed(len(changes), kafka.Wrap("alter quotas", err))
		}
		return quotaAnswers(resp, changes)
	}
}

func quotaEntry(entity access.QuotaEntity) kmsg.AlterClientQuotasRequestEntry {
	entry := kmsg.NewAlterClientQuotasRequestEntry()
	add := func(kind, name string) {
		part := kmsg.NewAlterClientQuotasRequestEntryEntity()
		part.Type, part.Name = kind, &name
		entry.Entity = append(entry.Entity, part)
	}
	add(entityUser, entity.User)
	if entity.ClientID != "" {
		add(entityClient, entity.ClientID)
	}
	return entry
}

// quotaAnswers returns the answers in the order of the changes.
func quotaAnswers(resp *kmsg.AlterClientQuotasResponse, changes []topicspec.Change) []error {
	results := make(map[access.QuotaEntity]error, len(resp.Entries))
	for _, entry := range resp.Entries {
		var entity access.QuotaEntity
		for _, part := range entry.Entity {
			switch {
			case part.Name == nil:
			case part.Type == entityUser:
				entity.User = *part.Name
			case part.Type == entityClient:
				entity.ClientID = *part.Name
			}
		}
		results[entity] = kafka.CodeError(kmsg.AlterClientQuotas, "", entry.ErrorCode, entry.ErrorMessage)
	}
	answers := make([]error, len(changes))
	for i, c := range changes {
		answer, answered := results[entityOf(c)]
		if answers[i] = answer; !answered {
			answers[i] = leftOut(c)
		}
	}
	return answers
}
