package embedded_test

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// aclSteps ask for ACLs where nobody enforces any.
func aclSteps() []step {
	describe := kmsg.NewPtrDescribeACLsRequest()
	describe.ResourceType, describe.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	describe.Operation, describe.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	create := kmsg.NewPtrCreateACLsRequest()
	creation := kmsg.NewCreateACLsRequestCreation()
	creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = kmsg.ACLResourceTypeTopic, "a", kmsg.ACLResourcePatternTypeLiteral
	creation.Principal, creation.Host, creation.Operation, creation.PermissionType = "User:app", "*", kmsg.ACLOperationRead, kmsg.ACLPermissionTypeAllow
	create.Creations = append(create.Creations, creation)
	remove := kmsg.NewPtrDeleteACLsRequest()
	filter := kmsg.NewDeleteACLsRequestFilter()
	filter.ResourceType, filter.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	filter.Operation, filter.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	remove.Filters = append(remove.Filters, filter)
	return []step{
		{"ACLs: described without an authorizer", describe},
		{"ACLs: created without an authorizer", create},
		{"ACLs: deleted without an authorizer", remove},
	}
}

func probeDescribeACLs(c *client) string {
	return secured(mustAsk[*kmsg.DescribeACLsResponse](c, 2, aclSteps()[0].req).ErrorCode)
}

func probeCreateACLs(c *client) string {
	return secured(mustAsk[*kmsg.CreateACLsResponse](c, 2, aclSteps()[1].req).Results[0].ErrorCode)
}

func probeDeleteACLs(c *client) string {
	return secured(mustAsk[*kmsg.DeleteACLsResponse](c, 2, aclSteps()[2].req).Results[0].ErrorCode)
}

// secured returns what is wrong with an answer that is not SECURITY_DISABLED.
func secured(code int16) string {
	if code == kerr.SecurityDisabled.Code {
		return ""
	}
	return "it does not say that there is no authorizer"
}
