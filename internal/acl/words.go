package acl

import "strings"

// ResourceTypes lists the types in Kafka's order.
func ResourceTypes() []ResourceType {
	return []ResourceType{Topic, Group, Cluster, TransactionalID, DelegationToken, User}
}

// Operations lists the operations in Kafka's order, [All] first.
func Operations() []Operation {
	return []Operation{
		All, Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite,
		CreateTokens, DescribeTokens, TwoPhaseCommit,
	}
}

// ParseResourceType reads a type in any of the spellings that people know from Kafka: "topic", "TRANSACTIONAL_ID",
// "transactional-id", "TransactionalId".
func ParseResourceType(text string) (ResourceType, bool) { return parse(text, ResourceTypes()) }

// ParseOperation reads an operation in any spelling: "describe-configs", "DescribeConfigs", "DESCRIBE_CONFIGS".
func ParseOperation(text string) (Operation, bool) { return parse(text, Operations()) }

// ParsePatternType reads a pattern type.
func ParsePatternType(text string) (PatternType, bool) {
	return parse(text, []PatternType{Literal, Prefixed})
}

// ParsePermission reads a permission.
func ParsePermission(text string) (Permission, bool) { return parse(text, []Permission{Allow, Deny}) }

func parse[Word ~string](text string, known []Word) (Word, bool) {
	plain := strings.NewReplacer("_", "", "-", "", " ", "")
	for _, word := range known {
		if text != "" && strings.EqualFold(plain.Replace(text), plain.Replace(string(word))) {
			return word, true
		}
	}
	return "", false
}

// FlagWord is one of Kafka's names as command lines have it: "transactional-id", "describe-configs".
func FlagWord[Word ~string](name Word) string {
	return strings.ToLower(strings.ReplaceAll(string(name), "_", "-"))
}

// FlagWords is [FlagWord] of each.
func FlagWords[Word ~string](names []Word) []string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = FlagWord(name)
	}
	return words
}
