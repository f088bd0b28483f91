package access

import (
	"strings"
	"testing"

	"kafkactl/internal/access"
	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// shop is a file in which one service produces and another one consumes, with all that a service can have.
const shop = `version: 1
services:
  OrderService:
    principal: User:order-service
    group: order-service-group
    transactionalId: order-tx-*
    scram: {password: {generate: secrets/order}, mechanisms: [SCRAM-SHA-512], iterations: 8192}
    quota: {produce: 5MiB, requestPercent: 50}
    grants:
      - {topic: order.secret, deny: [read], hosts: [10.0.0.9]}
  NotificationService: {principal: User:notification-service, group: notifications}
  OldService: {principal: User:old, state: absent}
  CartService: {}
topics:
  order.created: {producers: [OrderService], consumers: [NotificationService]}
  payment.completed: {consumers: [OrderService]}
`

// shopAccess is what the shop's file declares.
func shopAccess(t *testing.T) topicspec.DesiredAccess {
	t.Helper()
	spec, err := topicspec.Parse(strings.NewReader(shop), topicspec.Source{File: "topics.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	desired, err := spec.Access("")
	if err != nil {
		t.Fatal(err)
	}
	return desired
}

// sickShop is what brokers have that lack a right, have two more, deny one, and know other credentials and quotas.
func sickShop(t *testing.T) (topicspec.DesiredAccess, comparison) {
	t.Helper()
	desired := shopAccess(t)
	observed := access.Observed{
		Own: "User:admin",
		Users: map[string]map[string]access.Credential{
			"order-service": {"SCRAM-SHA-512": {Iterations: 4096, Password: access.Same}},
			"old":           {"SCRAM-SHA-256": {Iterations: 4096}},
		},
		Quotas: map[access.QuotaEntity]map[string]float64{{User: "order-service"}: {"producer_byte_rate": 1 << 20, "request_percentage": 50}},
	}
	for _, wanted := range access.Derive(desired) {
		if wanted.Type != acl.TransactionalID {
			observed.Bindings = append(observed.Bindings, wanted.Binding)
		}
	}
	literal := func(kind acl.ResourceType, name string) acl.Resource {
		return acl.Resource{Type: kind, Pattern: acl.Literal, Name: name}
	}
	for _, b := range []acl.Binding{
		{Principal: "User:order-service", Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Prefixed, Name: "payment."}, Operation: acl.Read, Permission: acl.Allow},
		{Principal: "User:order-service", Resource: literal(acl.Cluster, acl.ClusterName), Operation: acl.Describe, Permission: acl.Allow},
		{Principal: "User:*", Resource: literal(acl.Topic, "order.created"), Operation: acl.Read, Permission: acl.Deny},
		{Principal: "User:old", Resource: literal(acl.Topic, "order.created"), Operation: acl.Read, Permission: acl.Allow},
	} {
		b.Host = acl.Any
		observed.Bindings = append(observed.Bindings, b)
	}
	found := access.Diff(desired, observed, topicspec.Consent{})
	return desired, comparison{asked: true, changes: found.Changes, AccessCompared: found.Compared}
}

// viewsOf returns the views of all services.
func viewsOf(desired topicspec.DesiredAccess, found comparison) []serviceAccess {
	views := make([]serviceAccess, len(desired.Services))
	for i, service := range desired.Services {
		views[i] = newServiceAccess(desired, service, found)
	}
	return views
}
