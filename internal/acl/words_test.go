package acl

import "testing"

func TestParseWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ResourceType{
		"topic": Topic, "TOPIC": Topic, "transactional-id": TransactionalID, "TransactionalId": TransactionalID, "transactional_id": TransactionalID,
		"delegation token": DelegationToken, "cluster": Cluster, "user": User, "Group": Group, "topics": "", "": "", "-": "", "any": "",
	} {
		if got, known := ParseResourceType(text); got != want || known != (want != "") {
			t.Errorf("resource type %q is %q, %v", text, got, known)
		}
	}
	for text, want := range map[string]Operation{
		"read": Read, "DescribeConfigs": DescribeConfigs, "describe-configs": DescribeConfigs, "DESCRIBE_CONFIGS": DescribeConfigs,
		"all": All, "twoPhaseCommit": TwoPhaseCommit, "any": "", "consume": "",
	} {
		if got, known := ParseOperation(text); got != want || known != (want != "") {
			t.Errorf("operation %q is %q, %v", text, got, known)
		}
	}
	if got, known := ParsePermission("deny"); got != Deny || !known {
		t.Errorf("deny is %q, %v", got, known)
	}
	if got, known := ParsePatternType("match"); got != "" || known {
		t.Errorf("match, of filters alone, is %q, %v", got, known)
	}
}

// Every word of the lists is read in the spelling of command lines, and a type without operations would be none.
func TestWordsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, o := range Operations() {
		for _, text := range []string{FlagWord(o), o.ToolWord(), string(o)} {
			if got, _ := ParseOperation(text); got != o {
				t.Errorf("%s is read as %q", text, got)
			}
		}
	}
	for _, r := range ResourceTypes() {
		if got, _ := ParseResourceType(FlagWord(r)); got != r || len(OperationsOf(r)) == 0 {
			t.Errorf("%s is read as %q, with the operations %v", FlagWord(r), got, OperationsOf(r))
		}
	}
}

func TestCommand(t *testing.T) {
	t.Parallel()
	on := func(kind ResourceType, pattern PatternType, name string) Resource {
		return Resource{kind, pattern, name}
	}
	for want, b := range map[string]Binding{
		"--allow-principal User:app --operation Write --topic order.created":                                                    {"User:app", on(Topic, Literal, "order.created"), Any, Write, Allow},
		"--allow-principal 'User:CN=it'\\''s, O=Shop' --operation Read --group 'a b' --allow-host 10.0.0.1":                     {"User:CN=it's, O=Shop", on(Group, Literal, "a b"), "10.0.0.1", Read, Allow},
		"--deny-principal 'User:*' --operation All --topic order. --resource-pattern-type prefixed --deny-host 0:0:0:0:0:0:0:1": {"User:*", on(Topic, Prefixed, "order."), "0:0:0:0:0:0:0:1", All, Deny},
		"--allow-principal User:app --operation DescribeConfigs --cluster":                                                      {"User:app", on(Cluster, Literal, ClusterName), Any, DescribeConfigs, Allow},
		"--allow-principal User:app --operation TwoPhaseCommit --transactional-id x":                                            {"User:app", on(TransactionalID, Literal, "x"), Any, TwoPhaseCommit, Allow},
		"--allow-principal User:app --operation CreateTokens --user-principal User:b":                                           {"User:app", on(User, Literal, "User:b"), Any, CreateTokens, Allow},
		"--allow-principal User:app --operation Describe --delegation-token '*'":                                                {"User:app", on(DelegationToken, Literal, Any), Any, Describe, Allow},
	} {
		if got := b.Command(); got != AddCommand+" "+want {
			t.Errorf("want %s\n got %s", want, got)
		}
		if got := b.RemoveCommand(); got != "kafka-acls --bootstrap-server … --remove "+want {
			t.Errorf("to remove it, want %s\n got %s", want, got)
		}
	}
}
