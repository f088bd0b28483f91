package accessadmin

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// fake is three brokers in this process, and a keeper that asks them.
type fake struct {
	*kfake.Cluster
	*Keeper
	ctx context.Context // bounds the test
}

func startFake(t *testing.T, desired topicspec.DesiredAccess, opts ...kfake.Opt) fake {
	t.Helper()
	cluster, addrs := kafkatest.Fake(t, append([]kfake.Opt{kfake.NumBrokers(3)}, opts...)...)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	config := kafka.Config{Brokers: addrs, Version: "test"}
	return fake{cluster, New(config, dial(t, config), desired, oneSecret()), ctx}
}

// oneSecret is an environment with one password.
func oneSecret() Secrets {
	return Secrets{LookupEnv: func(name string) (string, bool) { return "the-secret", name == "PASSWORD" }}
}

// producing is a service that writes to topics and logs in.
func producing(name string, topics ...string) topicspec.DesiredService {
	return topicspec.DesiredService{
		Name: name, Principal: "User:" + name, Hosts: []string{acl.Any}, Produces: topics,
		Scram: &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASSWORD"}, Mechanisms: []string{properties.ScramSHA256, properties.ScramSHA512}, Iterations: 4096},
		Quota: map[string]topicspec.Setting{"producer_byte_rate": {Value: "1024"}},
	}
}

func desired(services ...topicspec.DesiredService) topicspec.DesiredAccess {
	return topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Services: services}
}

// plan is the changes of the keeper.
func (f fake) plan(t *testing.T) []topicspec.Change {
	t.Helper()
	changes, _, err := f.Plan(f.ctx, topicspec.Consent{})
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// makeAll makes changes as apply does.
func (f fake) makeAll(t *testing.T, changes []topicspec.Change) {
	t.Helper()
	if errs := errors.Join(f.Validate(f.ctx, changes)...); errs != nil {
		t.Fatal(errs)
	}
	plan := topicspec.Plan{Changes: changes}
	for _, step := range plan.Stages() {
		if err := errors.Join(f.Make(f.ctx, step.Stage, topicspec.At(changes, step.Changes))...); err != nil {
			t.Fatalf("%s: %v", step.Stage, err)
		}
	}
}

// counted counts requests of a kind.
func (f fake) counted(key kmsg.Key) *kfake.FaultHandle {
	return f.Fault(kfake.Fault{Keys: []kmsg.Key{key}, Count: -1, Observe: true})
}

// Two mechanisms of a user are two requests: a controller refuses to alter a user twice in one.
func TestTwoMechanisms(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t"), producing("b", "t")))
	requests := f.counted(kmsg.AlterUserSCRAMCredentials)
	f.ControlKey(kmsg.AlterUserSCRAMCredentials.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		users := make(map[string]int)
		for _, u := range req.(*kmsg.AlterUserSCRAMCredentialsRequest).Upsertions {
			if users[u.Name]++; users[u.Name] > 1 {
				t.Errorf("user %s is altered twice in a request", u.Name)
			}
		}
		return nil, nil, false
	})
	f.makeAll(t, f.plan(t))
	if left := f.plan(t); len(left) > 0 || requests.Hits() != 2 {
		t.Errorf("%d requests, %d changes are left: %v", requests.Hits(), len(left), left)
	}
}

// "Not yet" is asked again, a refusal is the answer to its own change alone, and nothing is waited for that is not made.
func TestAnswersOfCreations(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired())
	creations := f.counted(kmsg.CreateACLs)
	changes := reading("User:a", 4)
	f.Fault(
		kfake.Fault{Keys: []kmsg.Key{kmsg.CreateACLs}, Resource: "topic-1", Err: kerr.RequestTimedOut, Count: 2},
		kfake.Fault{Keys: []kmsg.Key{kmsg.CreateACLs}, Resource: "topic-2", Err: kerr.InvalidRequest, Count: -1},
		kfake.Fault{Keys: []kmsg.Key{kmsg.CreateACLs}, Resource: "topic-3", Err: kerr.NotController, Count: 1},
	)
	errs := f.Make(f.ctx, topicspec.StageAllow, changes)
	if errs[0] != nil || errs[1] != nil || !errors.Is(errs[2], kerr.InvalidRequest) || errs[3] != nil {
		t.Errorf("%v", errs)
	}
	if creations.Hits() != 3 {
		t.Errorf("%d requests", creations.Hits())
	}
}

// A broker that shows an ACL late is waited for, and named when time runs out.
func TestLateBroker(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired())
	var late atomic.Int32
	late.Store(4)
	f.ControlKey(kmsg.DescribeACLs.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		if f.CurrentNode() != 1 || late.Add(-1) < 0 {
			return nil, nil, false
		}
		return req.ResponseKind(), nil, true // shows nothing
	})
	if errs := f.Make(f.ctx, topicspec.StageAllow, reading("User:a", 1)); errs[0] != nil || late.Load() >= 0 {
		t.Errorf("%v with %d looks left", errs, late.Load())
	}
	late.Store(1 << 20)
	ctx, cancel := context.WithTimeout(f.ctx, 300*time.Millisecond)
	defer cancel()
	errs := f.Make(ctx, topicspec.StageAllow, reading("User:b", 2))
	unsettled, found := errors.AsType[*admin.UnsettledError](errs[1])
	if !errors.As(errs[0], new(*admin.OverdueError)) || !found || unsettled.What != "does not show it yet" || unsettled.Broker[:9] != "broker 1 " {
		t.Errorf("%v", errs)
	}
	late.Store(0)
	if errs := f.Make(f.ctx, topicspec.StageAllow, reading("User:b", 2)); errors.Join(errs...) != nil {
		t.Errorf("again: %v", errs)
	}
}

// What only some brokers show is missing and extra at once; a plan adds it again.
func TestLateBinding(t *testing.T) {
	t.Parallel()
	service := producing("a", "t")
	service.Scram, service.Quota = nil, nil
	f := startFake(t, desired(service))
	f.makeAll(t, f.plan(t))
	f.ControlKey(kmsg.DescribeACLs.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		return req.ResponseKind(), nil, f.CurrentNode() == 2
	})
	seen, err := f.Observe(f.ctx)
	if err != nil || len(seen.Bindings) != 0 || len(seen.Late) != 1 {
		t.Errorf("%+v, %v", seen.Observed, err)
	}
	if changes := f.plan(t); len(changes) != 1 || changes[0].Action != topicspec.Create {
		t.Errorf("%v", changes)
	}
}

// A broker that goes away while it is waited for holds nobody up once the cluster does not list it any more; one that
// does not answer a plan is a note.
func TestBrokerGoesAway(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t")))
	gone := make(chan struct{})
	var asked atomic.Int32
	f.ControlKey(kmsg.DescribeACLs.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		if f.CurrentNode() != 2 {
			return nil, nil, false
		}
		if asked.Add(1) == 3 {
			close(gone)
		}
		return nil, errors.New("hangs up"), true
	})
	_, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	if err != nil || len(compared.Notes) != 1 || compared.Notes[0][:9] != "broker 2 " {
		t.Errorf("%q, %v", compared.Notes, err)
	}
	go func() {
		<-gone
		if err := f.RemoveNode(2); err != nil {
			t.Error(err)
		}
	}()
	if errs := f.Make(f.ctx, topicspec.StageAllow, reading("User:a", 1)); errs[0] != nil {
		t.Error(errs)
	}
}

// A removal that somebody else was faster with is done.
func TestRemovedAlready(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired())
	if errs := f.Make(f.ctx, topicspec.StageRevoke, reading("User:a", 1)); errs[0] != nil {
		t.Error(errs)
	}
	user := topicspec.Change{Kind: topicspec.KindUser, Field: properties.ScramSHA512, Action: topicspec.Delete, Access: &topicspec.AccessSubject{Principal: "User:a"}}
	if errs := f.Make(f.ctx, topicspec.StageForget, []topicspec.Change{user}); errs[0] != nil {
		t.Error(errs)
	}
}

// Brokers without an authorizer keep users and quotas all the same; when only some have one, nothing is known.
func TestNoAuthorizer(t *testing.T) {
	t.Parallel()
	f := startFake(t, desired(producing("a", "t")))
	var without atomic.Int32 // brokers 0 to this one
	without.Store(2)
	f.ControlKey(kmsg.DescribeACLs.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		f.KeepControl()
		resp := req.ResponseKind().(*kmsg.DescribeACLsResponse)
		resp.ErrorCode = kerr.SecurityDisabled.Code
		return resp, nil, f.CurrentNode() <= without.Load()
	})
	changes, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	var kinds []string
	for _, c := range changes {
		kinds = append(kinds, string(c.Kind))
	}
	if diff := cmp.Diff([]string{"user", "user", "quota"}, kinds); diff != "" || err != nil || compared.Skipped != "the brokers have no authorizer" {
		t.Errorf("%v, %+v (-want +got):\n%s", err, compared, diff)
	}
	without.Store(0)
	if _, _, err := f.Plan(f.ctx, topicspec.Consent{}); err == nil {
		t.Error("one of three has no authorizer, and a plan is made")
	}
}
