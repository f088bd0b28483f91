package kafka

import (
	"context"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
)

// ACLFilter says which bindings are asked for. The zero value asks for all of them.
type ACLFilter struct {
	// Principal is whose, with the type: "User:app". Bindings of User:* are not those of User:app. "" is of anybody.
	Principal string
	// Type is what the bindings are about, "" for anything.
	Type acl.ResourceType
	// Name is a thing of that type. All bindings that cover it are asked for: the literal ones, those on *, and those
	// on a prefix of it (KIP-290). "" is any name.
	Name string
}

// ACLs asks one broker for the bindings that it goes by, in the order of [acl.Compare]. Brokers learn of a new one at
// different times. Operations of a newer Kafka are numbers: see [acl.Operation].
//
// The error is a [*DeniedError] for want of Describe on the cluster. Where the brokers have no authorizer, [NoAuthorizer]
// reports true for it.
func (c *Client) ACLs(ctx context.Context, of kmsg.Requestor, filter ACLFilter) ([]acl.Binding, error) {
	resp, err := filter.request().RequestWith(ctx, of)
	if err == nil {
		err = CodeError(kmsg.DescribeACLs, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, Wrap("describe ACLs", err)
	}
	return bindings(resp.Resources), nil
}

// NoAuthorizer reports whether err says that the brokers check nobody: everybody may do everything.
func NoAuthorizer(err error) bool { return errors.Is(err, kerr.SecurityDisabled) }

func (f ACLFilter) request() *kmsg.DescribeACLsRequest {
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType, req.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	req.Operation, req.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	if f.Principal != "" {
		req.Principal = &f.Principal
	}
	if f.Type != "" {
		req.ResourceType = resourceTypes.code(f.Type)
	}
	if f.Name != "" {
		req.ResourceName, req.ResourcePatternType = &f.Name, kmsg.ACLResourcePatternTypeMatch
	}
	return req
}

// bindings decodes the answer of a broker.
func bindings(resources []kmsg.DescribeACLsResponseResource) []acl.Binding {
	count := 0
	for i := range resources {
		count += len(resources[i].ACLs)
	}
	all := make([]acl.Binding, 0, count)
	for i := range resources {
		r := &resources[i]
		on := acl.Resource{Type: resourceTypes.word(r.ResourceType), Pattern: patternTypes.word(r.ResourcePatternType), Name: r.ResourceName}
		for _, a := range r.ACLs {
			all = append(all, acl.Binding{
				Principal: a.Principal, Resource: on, Host: a.Host,
				Operation: operations.word(a.Operation), Permission: permissions.word(a.PermissionType),
			})
		}
	}
	slices.SortFunc(all, acl.Compare)
	return all
}

// ACLCreation is the request for a binding, for CreateACLs. A broker closes the connection for a word that it does not
// know, instead of an answer: such as TWO_PHASE_COMMIT before Kafka 4.0.
func ACLCreation(b acl.Binding) kmsg.CreateACLsRequestCreation {
	creation := kmsg.NewCreateACLsRequestCreation()
	creation.ResourceType, creation.ResourcePatternType, creation.ResourceName = resourceTypes.code(b.Type), patternTypes.code(b.Pattern), b.Name
	creation.Principal, creation.Host = b.Principal, b.Host
	creation.Operation, creation.PermissionType = operations.code(b.Operation), permissions.code(b.Permission)
	return creation
}

// ACLDeletion matches a binding and no other, for DeleteACLs.
func ACLDeletion(b acl.Binding) kmsg.DeleteACLsRequestFilter {
	filter := kmsg.NewDeleteACLsRequestFilter()
	filter.ResourceType, filter.ResourcePatternType, filter.ResourceName = resourceTypes.code(b.Type), patternTypes.code(b.Pattern), &b.Name
	filter.Principal, filter.Host = &b.Principal, &b.Host
	filter.Operation, filter.PermissionType = operations.code(b.Operation), permissions.code(b.Permission)
	return filter
}
