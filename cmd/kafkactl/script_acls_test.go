package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
)

// saidACLs are what a Kafka answers to DescribeACLs, as real brokers do: the embedded one finds no prefix and no * for a
// name.
type saidACLs struct {
	of     *kfake.Cluster
	counts *requestCounts

	mu   sync.Mutex
	all  []acl.Binding
	fail *kerr.Error
}

// sayACL is "acl PRINCIPAL allow|deny OPERATION TYPE NAME [HOST]" and "acl ERROR".
func sayACL(_ *testscript.TestScript, s *stage, args []string) error {
	if s.acls == nil || s.acls.of != s.kafka {
		s.acls = &saidACLs{of: s.kafka, counts: s.requests}
		s.kafka.ControlKey(int16(kmsg.DescribeACLs), s.acls.answer)
	}
	s.acls.mu.Lock()
	defer s.acls.mu.Unlock()
	if len(args) == 1 {
		s.acls.fail = errorNamed(args[0]) // nil for NONE, which Kafka does not have
		return nil
	}
	if err := usage(args, 5, "acl PRINCIPAL allow|deny OPERATION TYPE NAME [HOST]"); err != nil {
		return err
	}
	b := acl.Binding{Principal: args[0], Resource: acl.Resource{Pattern: acl.Literal, Name: args[4]}, Host: acl.Any}
	b.Permission, _ = acl.ParsePermission(args[1])
	b.Operation, _ = acl.ParseOperation(args[2])
	b.Type, _ = acl.ParseResourceType(args[3])
	if prefix, cut := strings.CutSuffix(b.Name, acl.Any); cut && prefix != "" {
		b.Pattern, b.Name = acl.Prefixed, prefix
	}
	if len(args) > 5 {
		b.Host = args[5]
	}
	if err := acl.Check(b); err != nil {
		return fmt.Errorf("acl %q: %w", args, err)
	}
	s.acls.all = append(s.acls.all, b)
	return nil
}

func (a *saidACLs) answer(req kmsg.Request) (kmsg.Response, error, bool) {
	a.of.KeepControl()
	a.counts.add(req)
	a.mu.Lock()
	defer a.mu.Unlock()
	asked, resp := req.(*kmsg.DescribeACLsRequest), req.ResponseKind().(*kmsg.DescribeACLsResponse)
	if a.fail != nil {
		resp.ErrorCode = a.fail.Code
		return resp, nil, true
	}
	for _, b := range a.all {
		c := kafka.ACLCreation(b)
		if asked.Principal != nil && *asked.Principal != b.Principal || asked.ResourceName != nil && !b.Has(*asked.ResourceName) ||
			asked.ResourceType != kmsg.ACLResourceTypeAny && asked.ResourceType != c.ResourceType {
			continue
		}
		resp.Resources = append(resp.Resources, kmsg.DescribeACLsResponseResource{
			ResourceType: c.ResourceType, ResourceName: c.ResourceName, ResourcePatternType: c.ResourcePatternType,
			ACLs: []kmsg.DescribeACLsResponseResourceACL{{Principal: c.Principal, Host: c.Host, Operation: c.Operation, PermissionType: c.PermissionType}},
		})
	}
	return resp, nil, true
}
