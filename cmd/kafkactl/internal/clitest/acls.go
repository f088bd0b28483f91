package clitest

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Binding allows a principal one operation, from every host.
type Binding struct {
	Resource  kmsg.ACLResourceType
	Name      string // "kafka-cluster" for the cluster
	Prefixed  bool
	Operation kmsg.ACLOperation
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
		f.Until(addr+" knows the bindings of "+principal, func() bool { return len(f.bindings(addr, principal)) == len(bindings) })
	}
}

// Grant adds bindings. It returns when every broker goes by them.
func (f *Field) Grant(principal string, bindings ...Binding) {
	f.Helper()
	grant := kmsg.NewPtrCreateACLsRequest()
	for _, b := range bindings {
		creation := kmsg.NewCreateACLsRequestCreation()
		creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = b.Resource, b.Name, b.pattern()
		creation.Principal, creation.Host, creation.Operation, creation.PermissionType = principal, "*", b.Operation, kmsg.ACLPermissionTypeAllow
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
			known := f.bindings(addr, principal)
			return !slices.ContainsFunc(bindings, func(b Binding) bool { return !slices.Contains(known, b) })
		})
	}
}

// bindings returns those of a principal that the broker at addr goes by.
func (f *Field) bindings(addr, principal string) []Binding {
	f.Helper()
	at := f.Client.SeedBrokers()[slices.Index(f.Cluster.Addrs(), addr)]
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType, req.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	req.Operation, req.PermissionType, req.Principal = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny, &principal
	resp, err := req.RequestWith(f.Context(), at)
	if err != nil {
		f.Fatal(err)
	}
	var known []Binding
	for _, r := range resp.Resources {
		for _, a := range r.ACLs {
			known = append(known, Binding{r.ResourceType, r.ResourceName, r.ResourcePatternType == kmsg.ACLResourcePatternTypePrefixed, a.Operation})
		}
	}
	return known
}
