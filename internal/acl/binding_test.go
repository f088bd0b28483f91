package acl

import "testing"

func TestBindingString(t *testing.T) {
	t.Parallel()
	cluster := Resource{Cluster, Literal, ClusterName}
	for want, b := range map[string]Binding{
		"User:app may write topic order.created from 10.0.0.1":      {"User:app", Resource{Topic, Literal, "order.created"}, "10.0.0.1", Write, Allow},
		"User:* must not do everything with every topic":            {"User:*", Resource{Topic, Literal, Any}, Any, All, Deny},
		"User:app may alter configs of topics payment.*":            {"User:app", Resource{Topic, Prefixed, "payment."}, Any, AlterConfigs, Allow},
		"User:app may create on the cluster":                        {"User:app", cluster, Any, Create, Allow},
		"User:app may create topic a":                               {"User:app", Resource{Topic, Literal, "a"}, Any, Create, Allow},
		"User:app may alter the cluster":                            {"User:app", cluster, Any, Alter, Allow},
		"User:app may idempotent write on the cluster":              {"User:app", cluster, Any, IdempotentWrite, Allow},
		"User:app may create tokens of user User:b":                 {"User:app", Resource{User, Literal, "User:b"}, Any, CreateTokens, Allow},
		"User:app may two phase commit with every transactional id": {"User:app", Resource{TransactionalID, Literal, Any}, Any, TwoPhaseCommit, Allow},
		"User:app may 99 with group g":                              {"User:app", Resource{Group, Literal, "g"}, Any, "99", Allow},
	} {
		if got := b.String(); got != want {
			t.Errorf("want %s\n got %s", want, got)
		}
	}
}
