package accessadmin

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// rounds of the test: without a barrier, brokers of a cluster with ZooKeeper were late in eight of ten.
const everywhereRounds = 10

// What was made is there, and what was removed is gone, on each of three brokers as soon as Make returns.
func TestRealEverywhere(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK3, kafkatest.Kraft3} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			options := guardedOptions(flavour)
			options.Props["allow.everyone.if.no.acl.found"] = "false" // the value is hidden
			g := startGuarded(t, options)
			login := g.login(t)
			seen, err := New(login, dial(t, login), topicspec.DesiredAccess{}, Secrets{}).Observe(t.Context())
			if err != nil || seen.Own != "User:admin" || seen.OwnDoubt != "" || !seen.OpenToAll || seen.NoAuthorizer || len(seen.Bindings) != len(ownRights()) || len(seen.Notes) > 0 {
				t.Errorf("%+v, %v", seen, err)
			}
			for round := range everywhereRounds {
				g.checkEverywhere(t, fmt.Sprintf("app-%d", round))
			}
		})
	}
}

func (g guarded) checkEverywhere(t *testing.T, user string) {
	t.Helper()
	service := topicspec.DesiredService{
		Name: user, Principal: "User:" + user, Hosts: []string{acl.Any}, Produces: []string{"orders"},
		Scram: &topicspec.DesiredScram{Password: topicspec.PasswordSource{Env: "PASSWORD"}, Mechanisms: []string{properties.ScramSHA512}, Iterations: 4096},
		Quota: map[string]topicspec.Setting{"request_percentage": {Value: "50"}},
	}
	desired := topicspec.DesiredAccess{ACLs: topicspec.ACLsRequired, Services: []topicspec.DesiredService{service}}
	secrets := Secrets{LookupEnv: func(string) (string, bool) { return "secret-of-" + user, true }}
	login := g.login(t)
	addrs := g.ListenerAddrs("LOGIN")
	password := properties.NewSecret("secret-of-" + user)
	client := dial(t, login)
	keeper := New(login, client, desired, secrets)
	changes, _, err := keeper.Plan(t.Context(), topicspec.Consent{})
	if err != nil || len(changes) != 3 {
		t.Fatalf("%v, %v", changes, err)
	}
	if errs := keeper.Make(t.Context(), topicspec.StageUsers, changes[:1]); errs[0] != nil {
		t.Fatal(errs)
	}
	for _, addr := range addrs {
		err := login.TryLogin(t.Context(), addr, properties.SASL{Mechanism: properties.ScramSHA512, Username: user, Password: password})
		if err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if errs := keeper.Make(t.Context(), topicspec.StageAllow, changes[1:2]); errs[0] != nil {
		t.Fatal(errs)
	}
	g.checkShown(t, *changes[1].Access.Binding, true)
	if errs := keeper.Make(t.Context(), topicspec.StageQuotas, changes[2:]); errs[0] != nil {
		t.Fatal(errs)
	}
	for _, id := range g.BrokerIDs() {
		shown, err := describeQuotas(t.Context(), g.root.On(int32(id)))
		if diff := cmp.Diff(map[string]float64{"request_percentage": 50}, shown[entityOf(changes[2])]); diff != "" || err != nil {
			t.Errorf("broker %d: %v (-want +got):\n%s", id, err, diff)
		}
	}
	if errs := keeper.Make(t.Context(), topicspec.StageRevoke, changes[1:2]); errs[0] != nil {
		t.Fatal(errs)
	}
	g.checkShown(t, *changes[1].Access.Binding, false)
}

// checkShown asks each broker once.
func (g guarded) checkShown(t *testing.T, b acl.Binding, want bool) {
	t.Helper()
	for _, id := range g.BrokerIDs() {
		shown, err := g.root.ACLs(t.Context(), g.root.On(int32(id)), kafka.ACLFilter{Principal: b.Principal})
		if err != nil || (len(shown) == 1) != want {
			t.Errorf("broker %d shows %v, %v", id, shown, err)
		}
	}
}
