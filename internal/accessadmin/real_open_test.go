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
			changes, _ = planned(t, config, file, oneSecret())
			const blocked = ` blocked ACL of "": the brokers have no authorizer, and access.acls is required: set authorizer.class.name on brokers and controllers`
			wantLines(t, "required", []string{blocked}, changes)
			keeper := New(config, dial(t, config), file, oneSecret())
			if errs := keeper.Make(t.Context(), topicspec.StageAllow, []topicspec.Change{adding(acl.Binding{
				Principal: "User:a", Resource: acl.Resource{Type: acl.Topic, Pattern: acl.Literal, Name: "t"}, Host: acl.Any, Operation: acl.Read, Permission: acl.Allow,
			})}); !kafka.NoAuthorizer(errs[0]) {
				t.Errorf("an ACL: %v", errs)
			}
		})
	}
}
