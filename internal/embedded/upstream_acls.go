package embedded

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kfake keeps ACLs as if there were an authorizer, and then allows everything all the same. A client
// that asks must learn that nothing is enforced.
func aclDefects() []defect {
	const who = "whoever asks whether there is an authorizer: kafkactl whoami, and tools that set up access"
	return []defect{
		{name: "DescribeACLs answers as with an authorizer", who: who, key: kmsg.DescribeACLs, instead: describeNoACLs},
		{name: "CreateACLs answers as with an authorizer", who: who, key: kmsg.CreateACLs, instead: createNoACLs},
		{name: "DeleteACLs answers as with an authorizer", who: who, key: kmsg.DeleteACLs, instead: deleteNoACLs},
	}
}

// noAuthorizer is what a controller says; a broker says it otherwise.
const noAuthorizer = "No Authorizer is configured."

func describeNoACLs(_ *kfake.Cluster, req kmsg.Request) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.DescribeACLsResponse)
	resp.ErrorCode, resp.ErrorMessage = kerr.SecurityDisabled.Code, kmsg.StringPtr("No Authorizer is configured on the broker")
	return resp
}

func createNoACLs(_ *kfake.Cluster, req kmsg.Request) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.CreateACLsResponse)
	for range req.(*kmsg.CreateACLsRequest).Creations {
		result := kmsg.NewCreateACLsResponseResult()
		result.ErrorCode, result.ErrorMessage = kerr.SecurityDisabled.Code, kmsg.StringPtr(noAuthorizer)
		resp.Results = append(resp.Results, result)
	}
	return resp
}

func deleteNoACLs(_ *kfake.Cluster, req kmsg.Request) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.DeleteACLsResponse)
	for range req.(*kmsg.DeleteACLsRequest).Filters {
		result := kmsg.NewDeleteACLsResponseResult()
		result.ErrorCode, result.ErrorMessage = kerr.SecurityDisabled.Code, kmsg.StringPtr(noAuthorizer)
		resp.Results = append(resp.Results, result)
	}
	return resp
}
