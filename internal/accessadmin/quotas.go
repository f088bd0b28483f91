package accessadmin

import (
	"context"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/access"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// The entity types of quotas (KIP-546).
const (
	entityUser   = "user"
	entityClient = "client-id"
)

// quotas are client quotas by entity and by key.
type quotas map[access.QuotaEntity]map[string]float64

// observeQuotas fills in the quotas of declared users. Nothing is asked when the file has nothing to do with quotas.
func (k *Keeper) observeQuotas(ctx context.Context, seen *Observation) error {
	names := k.userNames(func(s topicspec.DesiredService) bool { return len(s.Quota) > 0 || s.Absent })
	if len(names) == 0 {
		return nil
	}
	declared := make(map[string]bool, len(names))
	for _, name := range names {
		declared[name] = true
	}
	found, err := askOne(ctx, k, seen.live, describeQuotas)
	for entity := range found {
		if !declared[entity.User] {
			delete(found, entity)
		}
	}
	seen.Quotas = found
	return err
}

// describeQuotas asks a broker for the quotas of all users, with and without a client.id.
func describeQuotas(ctx context.Context, of kmsg.Requestor) (quotas, error) {
	req := kmsg.NewPtrDescribeClientQuotasRequest()
	users := kmsg.NewDescribeClientQuotasRequestComponent()
	users.EntityType, users.MatchType = entityUser, kmsg.QuotasMatchTypeAny
	req.Components = append(req.Components, users)
	resp, err := req.RequestWith(ctx, of)
	if err == nil {
		err = kafka.CodeError(kmsg.DescribeClientQuotas, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, kafka.Wrap("describe quotas", err)
	}
	found := make(quotas, len(resp.Entries))
	for _, entry := range resp.Entries {
		entity, named := quotaEntity(entry.Entity)
		if !named {
			continue
		}
		found[entity] = make(map[string]float64, len(entry.Values))
		for _, value := range entry.Values {
			found[entity][value.Key] = value.Value
		}
	}
	return found, nil
}

// quotaEntity returns whom a quota is for; false for the default of all users, or of all clients.
func quotaEntity(parts []kmsg.DescribeClientQuotasResponseEntryEntity) (access.QuotaEntity, bool) {
	var entity access.QuotaEntity
	for _, part := range parts {
		switch {
		case part.Name == nil:
			return access.QuotaEntity{}, false
		case part.Type == entityUser:
			entity.User = *part.Name
		case part.Type == entityClient:
			entity.ClientID = *part.Name
		default:
			return access.QuotaEntity{}, false
		}
	}
	return entity, true
}
