package accessadmin

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// What may not be seen is not "in sync", and what may not be changed is said before the first write.
func TestDenied(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		key     kmsg.Key
		nodes   []int32
		missing string
	}{
		{"ACLs", kmsg.DescribeACLs, []int32{1}, "Describe on cluster"},
		{"users", kmsg.DescribeUserSCRAMCredentials, nil, "Describe on cluster"},
		{"quotas", kmsg.DescribeClientQuotas, nil, "DescribeConfigs on cluster"},
	} {
		f := startFake(t, desired(producing("a", "t")))
		f.Fault(kfake.Fault{Keys: []kmsg.Key{test.key}, Nodes: test.nodes, Count: -1, TopLevel: true, Err: kerr.ClusterAuthorizationFailed})
		_, _, err := f.Plan(f.ctx, topicspec.Consent{})
		if denied, found := errors.AsType[*kafka.DeniedError](err); !found || denied.Operation+" on "+denied.Resource != test.missing {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	f := startFake(t, desired(producing("a", "t")))
	changes := f.plan(t)
	describe := f.permit(kmsg.ACLOperationDescribe, kmsg.ACLOperationAlterConfigs)
	writes := f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateACLs, kmsg.AlterUserSCRAMCredentials}, Count: -1, Observe: true})
	errs := f.Validate(f.ctx, changes)
	var got []string
	for i, c := range changes {
		text := string(c.Kind) + " ok"
		if denied, found := errors.AsType[*kafka.DeniedError](errs[i]); found {
			text = string(c.Kind) + " " + denied.Operation
		}
		got = append(got, text)
	}
	wantLines(t, "without ALTER", []string{"user Alter", "user Alter", "acl Alter", "quota ok"}, got)
	describe.Store(operationBits(kmsg.ACLOperationAlter))
	if errs := f.Validate(f.ctx, changes); errors.Join(errs[:3]...) != nil || !errors.As(errs[3], new(*kafka.DeniedError)) {
		t.Errorf("without ALTER_CONFIGS: %v", errs)
	}
	describe.Store(0) // who may not describe the cluster is told nothing
	if errs := f.Validate(f.ctx, changes); errors.Join(errs...) != nil || writes.Hits() > 0 {
		t.Errorf("untold: %v", errs)
	}
}

func operationBits(operations ...kmsg.ACLOperation) int32 {
	var bits int32
	for _, o := range operations {
		bits |= 1 << o
	}
	return bits
}

// permit has the brokers tell that a client may do just these operations with the cluster.
func (f fake) permit(operations ...kmsg.ACLOperation) *atomic.Int32 {
	bits := new(atomic.Int32)
	bits.Store(operationBits(operations...))
	f.ControlKey(kmsg.DescribeCluster.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeClusterResponse)
		resp.ClusterAuthorizedOperations = bits.Load()
		return resp, nil, true
	})
	return bits
}

// Who loses ALTER by its own removals gives back what it took, and fails.
func TestLockedOut(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired())
	changes := reading("User:a", 2)
	f.makeAll(t, changes)
	bits := f.permit(kmsg.ACLOperationAlter)
	f.ControlKey(kmsg.DeleteACLs.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		bits.Store(operationBits(kmsg.ACLOperationDescribe))
		return nil, nil, false
	})
	errs := f.Make(f.ctx, topicspec.StageRevoke, changes)
	locked, found := errors.AsType[*LockedOutError](errs[0])
	shown, err := f.client.ACLs(f.ctx, f.client.Any, kafka.ACLFilter{})
	if !found || len(locked.Lost) > 0 || errs[1] == nil || err != nil || !slices.Equal(shown, bindingsOf(changes)) {
		t.Fatalf("%v; shown %v, %v", errs, shown, err)
	}
	bits.Store(operationBits(kmsg.ACLOperationAlter))
	f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateACLs}, Count: -1, Err: kerr.ClusterAuthorizationFailed})
	f.ControlKey(kmsg.DeleteACLs.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		bits.Store(operationBits(kmsg.ACLOperationDescribe))
		return nil, nil, false
	})
	errs = f.Make(f.ctx, topicspec.StageRevoke, changes)
	const hint = "an administrator adds them: kafka-acls --bootstrap-server … --add --allow-principal User:a --operation Read --topic topic-0; " +
		"kafka-acls --bootstrap-server … --add --allow-principal User:a --operation Read --topic topic-1"
	if locked, found := errors.AsType[*LockedOutError](errs[0]); !found || len(locked.Lost) != 2 || locked.Hint() != hint {
		t.Errorf("%v", errs)
	}
}

// Who may not read the settings of brokers is not told whether they let everybody in, nor whether a principal is sure. That
// is said when something goes.
func TestSettingsHidden(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t")))
	f.makeAll(t, f.plan(t))
	f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeConfigs}, Count: -1, Err: kerr.ClusterAuthorizationFailed})
	seen, err := f.Observe(f.ctx)
	if err != nil || seen.OpenToAll || seen.Own != "User:ANONYMOUS" || seen.OwnDoubt != "principal.builder.class" {
		t.Errorf("%+v, %v", seen, err)
	}
	_, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	reason := "user a: password not verified: nobody logs in on this connection, which is PLAINTEXT"
	if wantLines(t, "in sync", []string{reason}, compared.Notes); err != nil {
		t.Error(err)
	}
	f.desired.Services[0] = topicspec.DesiredService{Name: "a", Principal: "User:a", Absent: true}
	_, compared, err = f.Plan(f.ctx, topicspec.Consent{})
	const doubt = "kafkactl takes itself for User:ANONYMOUS: principal.builder.class of the brokers may make another of it"
	if wantLines(t, "a service goes", []string{doubt}, compared.Notes); err != nil {
		t.Error(err)
	}
}
