package accessadmin

import (
	"testing"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// Brokers without an authorizer have users and quotas made all the same; ACLs are not looked at, or blocked where the file
// requires them.
func TestRealWithoutAuthorizer(t *testing.T) {
	t.Parallel()
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			t.Parallel()
			config := kafka.Config{Brokers: kafkatest.Shared(t, flavour).Addrs(), Version: "test"}
			file := desired(producing("open-app", "t"))
			made := converge(t, config, file, oneSecret(), topicspec.Consent{})
			wantLines(t, "made", []string{
				`users user "open-app" SCRAM-SHA-256 done`, `users user "open-app" SCRAM-SHA-512 done`, `quotas quota producer_byte_rate of "open-app" done`,
			}, made)
			changes, compared := planned(t, config, file, oneSecret())
			if wantLines(t, "again", []string{}, changes); compared.Skipped != "the brokers have no authorizer" {
				t.Errorf("skipped: %q", compared.Skipped)
			}
			file.ACLs = topicspec.ACLsRequired
			required, _, err := New(config, dial(t, config), file, oneSecret()).Plan(t.Context(), topicspec.Consent{})
			if err != nil || len(required) != 1 || required[0].Action != topicspec.Blocked || required[0].Kind != topicspec.KindACL {
				t.Errorf("required: %v, %v", required, err)
			}
			keeper := New(config, dial(t, config), file, oneSecret())
			if errs := keeper.Make(t.Context(), topicspec.StageAllow, []topicspec.Change{adding(acl.Binding{
				Principal: "User:a", Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: "t"}, Host: acl.Any, Operation: acl.Read, Permission: acl.Allow,
			})}); !kafka.NoAuthorizer(errs[0]) {
				t.Errorf("an ACL: %v", errs)
			}
		})
	}
}
