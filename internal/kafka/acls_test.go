package kafka

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
)

func onTopic(name string, pattern acl.PatternType) acl.Resource {
	return acl.Resource{Type: acl.Topic, Pattern: pattern, Name: name}
}

// What is created is described word by word, and only that binding is deleted.
func TestACLsKept(t *testing.T) {
	t.Parallel()
	ctx, _, c := dialFake(t)
	wanted := []acl.Binding{
		{Principal: "User:a", Resource: acl.Resource{Type: acl.Group, Pattern: acl.Literal, Name: "g"}, Host: "*", Operation: acl.Read, Permission: acl.Allow},
		{Principal: "User:a", Resource: onTopic("order", acl.Literal), Host: "10.0.0.1", Operation: acl.Write, Permission: acl.Allow},
		{Principal: "User:a", Resource: onTopic("order", acl.Prefixed), Host: "*", Operation: acl.All, Permission: acl.Deny},
		{Principal: "User:b", Resource: acl.Resource{Type: acl.TransactionalID, Pattern: acl.Literal, Name: "x"}, Host: "*", Operation: acl.Describe, Permission: acl.Allow},
		{Principal: "User:b", Resource: acl.Resource{Type: acl.Cluster, Pattern: acl.Literal, Name: acl.ClusterName}, Host: "*", Operation: acl.IdempotentWrite, Permission: acl.Allow},
	}
	create := kmsg.NewPtrCreateACLsRequest()
	for _, b := range wanted {
		create.Creations = append(create.Creations, ACLCreation(b))
	}
	created, err := create.RequestWith(ctx, c.Seed())
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range created.Results {
		if r.ErrorCode != 0 {
			t.Errorf("%v: %v", wanted[i], kerr.ErrorForCode(r.ErrorCode))
		}
	}
	sorted := []acl.Binding{wanted[0], wanted[1], wanted[2], wanted[4], wanted[3]}
	for _, test := range []struct {
		name   string
		filter ACLFilter
		want   []acl.Binding
	}{
		{"all", ACLFilter{}, sorted},
		{"principal", ACLFilter{Principal: "User:b"}, sorted[3:]},
		{"type", ACLFilter{Type: acl.Group}, sorted[:1]},
		{"name", ACLFilter{Type: acl.Topic, Name: "order"}, sorted[1:3]},
		{"none", ACLFilter{Principal: "User:c"}, []acl.Binding{}},
	} {
		got, err := c.ACLs(ctx, c.Any, test.filter)
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v, -want +got:\n%s", test.name, err, diff)
		}
	}
	remove := kmsg.NewPtrDeleteACLsRequest()
	remove.Filters = append(remove.Filters, ACLDeletion(wanted[1]))
	if _, err := remove.RequestWith(ctx, c.Seed()); err != nil {
		t.Fatal(err)
	}
	left, err := c.ACLs(ctx, c.Seed(), ACLFilter{Type: acl.Topic})
	if diff := cmp.Diff(wanted[2:3], left); diff != "" || err != nil {
		t.Errorf("after a deletion: %v, -want +got:\n%s", err, diff)
	}
}

// answerACLs answers DescribeACLs with what answer fills in.
func answerACLs(cluster *kfake.Cluster, answer func(*kmsg.DescribeACLsResponse)) {
	cluster.ControlKey(int16(kmsg.DescribeACLs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeACLsResponse)
		answer(resp)
		return resp, nil, true
	})
}

// Kafka 4 has an operation that the library does not know, and the next Kafka may have more: none is dropped, and each
// goes back to the broker as the code that it came with.
func TestACLsOfNewerKafka(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	answerACLs(cluster, func(resp *kmsg.DescribeACLsResponse) {
		resp.Resources = []kmsg.DescribeACLsResponseResource{
			{ResourceType: 9, ResourceName: "n", ResourcePatternType: 5, ACLs: []kmsg.DescribeACLsResponseResourceACL{{Principal: "User:a", Host: "*", Operation: 16, PermissionType: 4}}},
			{ResourceType: 5, ResourceName: "x", ResourcePatternType: 4, ACLs: []kmsg.DescribeACLsResponseResourceACL{{Principal: "User:a", Host: "*", Operation: 15, PermissionType: 3}}},
		}
	})
	got, err := c.ACLs(ctx, c.Seed(), ACLFilter{})
	want := []acl.Binding{
		{Principal: "User:a", Resource: acl.Resource{Type: "9", Pattern: "5", Name: "n"}, Host: "*", Operation: "16", Permission: "4"},
		{Principal: "User:a", Resource: acl.Resource{Type: acl.TransactionalID, Pattern: acl.Prefixed, Name: "x"}, Host: "*", Operation: acl.TwoPhaseCommit, Permission: acl.Allow},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("%v, -want +got:\n%s", err, diff)
	}
	for i, codes := range [][4]int8{{9, 5, 16, 4}, {5, 4, 15, 3}} {
		back, filter := ACLCreation(got[i]), ACLDeletion(got[i])
		if sent := [4]int8{int8(back.ResourceType), int8(back.ResourcePatternType), int8(back.Operation), int8(back.PermissionType)}; sent != codes {
			t.Errorf("%v is created as %v, want %v", got[i], sent, codes)
		}
		if sent := [4]int8{int8(filter.ResourceType), int8(filter.ResourcePatternType), int8(filter.Operation), int8(filter.PermissionType)}; sent != codes {
			t.Errorf("%v is deleted as %v, want %v", got[i], sent, codes)
		}
	}
}

// Who may not look learns which grant is missing; brokers that check nobody are no failure of theirs.
func TestACLsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code  int16
		check func(error) bool
	}{
		{kerr.SecurityDisabled.Code, NoAuthorizer},
		{kerr.ClusterAuthorizationFailed.Code, func(err error) bool {
			denied, found := errors.AsType[*DeniedError](err)
			return found && denied.Operation == "Describe" && denied.Resource == "cluster" && !NoAuthorizer(err)
		}},
		{kerr.InvalidRequest.Code, func(err error) bool { return errors.Is(err, kerr.InvalidRequest) && !NoAuthorizer(err) }},
	} {
		ctx, cluster, c := dialFake(t)
		answerACLs(cluster, func(resp *kmsg.DescribeACLsResponse) { resp.ErrorCode = test.code })
		if got, err := c.ACLs(ctx, c.Seed(), ACLFilter{}); err == nil || !test.check(err) || got != nil {
			t.Errorf("%v: %v, %v", kerr.ErrorForCode(test.code), got, err)
		}
	}
}

// A broker that does not set it has not even a hidden value; and who may not read settings knows nothing.
func TestSetsOpenToAll(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	if set, err := c.SetsOpenToAll(ctx, 0); set || err != nil {
		t.Errorf("not set: %v, %v", set, err)
	}
	var code int16
	cluster.ControlKey(int16(kmsg.DescribeConfigs), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeConfigsResponse)
		resp.Resources = []kmsg.DescribeConfigsResponseResource{{
			ResourceType: kmsg.ConfigResourceTypeBroker, ResourceName: "0", ErrorCode: code,
			Configs: []kmsg.DescribeConfigsResponseResourceConfig{{Name: openToAll, IsSensitive: true}},
		}}
		return resp, nil, true
	})
	if set, err := c.SetsOpenToAll(ctx, 0); !set || err != nil {
		t.Errorf("set: %v, %v", set, err)
	}
	code = kerr.ClusterAuthorizationFailed.Code
	denied := new(DeniedError)
	if set, err := c.SetsOpenToAll(ctx, 0); set || !errors.As(err, &denied) || denied.Operation != "DescribeConfigs" {
		t.Errorf("refused: %v, %v", set, err)
	}
}

// BenchmarkACLs decodes and sorts what a broker with 20,000 bindings answers.
func BenchmarkACLs(b *testing.B) {
	resp := kmsg.NewPtrDescribeACLsResponse()
	for service := range 1000 {
		for topic := range 10 {
			resource := kmsg.NewDescribeACLsResponseResource()
			resource.ResourceType, resource.ResourcePatternType = kmsg.ACLResourceTypeTopic, kmsg.ACLResourcePatternTypeLiteral
			resource.ResourceName = fmt.Sprintf("service-%d.topic-%d", service, topic)
			for _, operation := range []kmsg.ACLOperation{kmsg.ACLOperationWrite, kmsg.ACLOperationRead} {
				resource.ACLs = append(resource.ACLs, kmsg.DescribeACLsResponseResourceACL{
					Principal: fmt.Sprintf("User:service-%d", (service*7+topic)%1000), Host: "*", Operation: operation, PermissionType: kmsg.ACLPermissionTypeAllow,
				})
			}
			resp.Resources = append(resp.Resources, resource)
		}
	}
	resp.Version = resp.MaxVersion()
	wire := resp.AppendTo(nil)
	for b.Loop() {
		req := &cannedRequestor{wire: wire, version: resp.Version}
		if got, err := new(Client).ACLs(b.Context(), req, ACLFilter{}); err != nil || len(got) != 20_000 {
			b.Fatal(len(got), err)
		}
	}
}

// cannedRequestor answers each request with the same bytes.
type cannedRequestor struct {
	wire    []byte
	version int16
}

func (c *cannedRequestor) Request(_ context.Context, req kmsg.Request) (kmsg.Response, error) {
	resp := req.ResponseKind()
	resp.SetVersion(c.version)
	return resp, resp.ReadFrom(c.wire)
}
