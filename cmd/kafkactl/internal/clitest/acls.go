package clitest

import (
	"cmp"
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Binding allows a principal one operation.
type Binding struct {
	Resource  kmsg.ACLResourceType
	Name      string // "kafka-cluster" for the cluster
	Prefixed  bool
	Operation kmsg.ACLOperation
	Host      string // "" for every host
	Deny      bool   // it denies it
}

// OnTopic is a literal binding.
func OnTopic(name string, operation kmsg.ACLOperation) Binding {
	return Binding{Resource: kmsg.ACLResourceTypeTopic, Name: name, Operation: operation}
}

// OnGroup is a literal binding.
func OnGroup(name string, operation kmsg.ACLOperation) Binding {
	return Binding{Resource: kmsg.ACLResourceTypeGroup, Name: name, Operation: operation}
}

// OnCluster is a literal binding.
func OnCluster(operation kmsg.ACLOperation) Binding {
	return Binding{Resource: kmsg.ACLResourceTypeCluster, Name: "kafka-cluster", Operation: operation}
}

func (b Binding) host() string { return cmp.Or(b.Host, "*") }

func (b Binding) permission() kmsg.ACLPermissionType {
	if b.Deny {
		return kmsg.ACLPermissionTypeDeny
	}
	return kmsg.ACLPermissionTypeAllow
}

func (b Binding) pattern() kmsg.ACLResourcePatternType {
	if b.Prefixed {
		return kmsg.ACLResourcePatternTypePrefixed
	}
	return kmsg.ACLResourcePatternTypeLiteral
}

// SetRights makes these the only bindings of the principal. It returns when every broker goes by them, which may be
// after the answer.
func (f *Field) SetRights(principal string, bindings ...Binding) {
	f.Helper()
	revoke := kmsg.NewPtrDeleteACLsRequest()
	filter := kmsg.NewDeleteACLsRequestFilter()
	filter.ResourceType, filter.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	filter.Operation, filter.PermissionType, filter.Principal = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny, &principal
	revoke.Filters = append(revoke.Filters, filter)
	revoked, err := revoke.RequestWith(f.Context(), f.Client)
	if err == nil {
		err = kerr.ErrorForCode(revoked.Results[0].ErrorCode)
	}
	if err != nil {
		f.Fatal(err)
	}
	f.Grant(principal, bindings...)
	for _, addr := range f.Cluster.Addrs() {
		f.Until(addr+" knows the bindings of "+principal, func() bool { return len(f.Rights(addr, principal)) == len(bindings) })
	}
}

// Grant adds bindings. It returns when every broker goes by them.
func (f *Field) Grant(principal string, bindings ...Binding) {
	f.Helper()
	grant := kmsg.NewPtrCreateACLsRequest()
	for _, b := range bindings {
		creation := kmsg.NewCreateACLsRequestCreation()
		creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = b.Resource, b.Name, b.pattern()
		creation.Principal, creation.Host, creation.Operation, creation.PermissionType = principal, b.host(), b.Operation, b.permission()
		grant.Creations = append(grant.Creations, creation)
	}
	granted, err := grant.RequestWith(f.Context(), f.Client)
	if err != nil {
		f.Fatal(err)
	}
	for _, one := range granted.Results {
		if err := kerr.ErrorForCode(one.ErrorCode); err != nil {
			f.Fatal(err)
		}
	}
	for _, addr := range f.Cluster.Addrs() {
		f.Until(addr+" knows the bindings of "+principal, func() bool {
			known := f.Rights(addr, principal)
			return !slices.ContainsFunc(bindings, func(b Binding) bool { return !slices.Contains(known, b) })
		})
	}
}

// Revoke removes bindings. It returns when no broker goes by them.
func (f *Field) Revoke(principal string, bindings ...Binding) {
	f.Helper()
	req := kmsg.NewPtrDeleteACLsRequest()
	for _, b := range bindings {
		filter := kmsg.NewDeleteACLsRequestFilter()
		filter.ResourceType, filter.ResourceName, filter.ResourcePatternType = b.Resource, &b.Name, b.pattern()
		filter.Principal, filter.Host, filter.Operation, filter.PermissionType = &principal, kmsg.StringPtr(b.host()), b.Operation, b.permission()
		req.Filters = append(req.Filters, filter)
	}
	if _, err := req.RequestWith(f.Context(), f.Client); err != nil {
		f.Fatal(err)
	}
	for _, addr := range f.Cluster.Addrs() {
		f.Until(addr+" has forgotten the bindings of "+principal, func() bool {
			return !slices.ContainsFunc(f.Rights(addr, principal), func(b Binding) bool { return slices.Contains(bindings, b) })
		})
	}
}

// Rights returns the bindings of a principal that the broker at addr goes by.
func (f *Field) Rights(addr, principal string) []Binding {
	f.Helper()
	known, err := f.AskRights(f.Context(), addr, &principal)
	if err != nil {
		f.Fatal(err)
	}
	return known[principal]
}

// AskRights returns the bindings that the broker at addr goes by, by principal: those of one, or all.
func (f *Field) AskRights(ctx context.Context, addr string, principal *string) (map[string][]Binding, error) {
	at := f.Client.SeedBrokers()[slices.Index(f.Cluster.Addrs(), addr)]
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType, req.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	req.Operation, req.PermissionType, req.Principal = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny, principal
	resp, err := req.RequestWith(ctx, at)
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err != nil {
		return nil, err
	}
	known := make(map[string][]Binding)
	for _, r := range resp.Resources {
		for _, a := range r.ACLs {
			b := Binding{
				Resource: r.ResourceType, Name: r.ResourceName, Prefixed: r.ResourcePatternType == kmsg.ACLResourcePatternTypePrefixed,
				Operation: a.Operation, Deny: a.PermissionType == kmsg.ACLPermissionTypeDeny,
			}
			if a.Host != "*" {
				b.Host = a.Host
			}
			known[a.Principal] = append(known[a.Principal], b)
		}
	}
	return known, nil
}
