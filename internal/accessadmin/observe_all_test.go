package accessadmin

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/access"
	"kafkactl/internal/acl"
	"kafkactl/internal/properties"
)

// All users and quotas are observed, whoever they belong to, and ACLs of every broker; nobody logs in and nothing is
// written. Without an authorizer nothing else is asked.
func TestObserveAll(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t"), producing("b", "t")))
	f.makeAll(t, f.plan(t))
	logins, writes := f.counted(kmsg.SASLHandshake), f.Fault(kfake.Fault{Keys: []kmsg.Key{
		kmsg.CreateACLs, kmsg.DeleteACLs, kmsg.AlterUserSCRAMCredentials, kmsg.AlterClientQuotas,
	}, Count: -1, Observe: true})
	seen, err := ObserveAll(f.ctx, f.client)
	if err != nil {
		t.Fatal(err)
	}
	credentials := map[string]access.Credential{properties.ScramSHA256: {Iterations: 4096}, properties.ScramSHA512: {Iterations: 4096}}
	quota := map[string]float64{"producer_byte_rate": 1024}
	want := access.Observed{
		Users:  map[string]map[string]access.Credential{"a": credentials, "b": credentials},
		Quotas: map[access.QuotaEntity]map[string]float64{{User: "a"}: quota, {User: "b"}: quota},
	}
	for _, principal := range []string{"User:a", "User:b"} {
		want.Bindings = append(want.Bindings, acl.Binding{
			Principal: principal, Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: "t"}, Host: acl.Any, Operation: acl.Write, Permission: acl.Allow,
		})
	}
	if diff := cmp.Diff(want, seen.Observed); diff != "" || logins.Hits()+writes.Hits() > 0 {
		t.Errorf("%d logins, %d writes (-want +got):\n%s", logins.Hits(), writes.Hits(), diff)
	}

	more := f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeUserSCRAMCredentials, kmsg.DescribeClientQuotas}, Count: -1, Observe: true})
	f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeACLs}, Count: -1, TopLevel: true, Err: kerr.SecurityDisabled})
	seen, err = ObserveAll(f.ctx, f.client)
	if diff := cmp.Diff(access.Observed{NoAuthorizer: true}, seen.Observed); diff != "" || err != nil || more.Hits() > 0 {
		t.Errorf("without an authorizer: %v, %d more requests (-want +got):\n%s", err, more.Hits(), diff)
	}
}
