package kafka

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
)

// codes has the words of an enumeration of the protocol; the index is the code. "" is of codes that no binding has.
type codes[Word ~string, Code ~int8] []Word

// word returns the word of a code. A code of a newer Kafka is its number, so that nothing is dropped.
func (c codes[Word, Code]) word(code Code) Word {
	if code >= 0 && int(code) < len(c) && c[code] != "" {
		return c[code]
	}
	return Word(strconv.Itoa(int(code)))
}

// code returns the code of a word; of one that is not known, and is no number, it is 0, which brokers refuse.
func (c codes[Word, Code]) code(word Word) Code {
	if at := slices.Index(c, word); at >= 0 && word != "" {
		return Code(at)
	}
	number, err := strconv.ParseInt(string(word), 10, 8)
	if err != nil {
		return 0
	}
	return Code(number)
}

// The enumerations of ACLs as Kafka 4.3 has them (org.apache.kafka.common.acl and .resource). kmsg knows no
// TWO_PHASE_COMMIT (KIP-939).
//
//nolint:gochecknoglobals // constant tables, never written
var (
	resourceTypes = codes[acl.ResourceType, kmsg.ACLResourceType]{
		"", "", acl.Topic, acl.Group, acl.Cluster, acl.TransactionalID, acl.DelegationToken, acl.User,
	}
	patternTypes = codes[acl.PatternType, kmsg.ACLResourcePatternType]{"", "", "", acl.Literal, acl.Prefixed}
	operations   = codes[acl.Operation, kmsg.ACLOperation]{
		"", "", acl.All, acl.Read, acl.Write, acl.Create, acl.Delete, acl.Alter, acl.Describe, acl.ClusterAction, acl.DescribeConfigs,
		acl.AlterConfigs, acl.IdempotentWrite, acl.CreateTokens, acl.DescribeTokens, acl.TwoPhaseCommit,
	}
	permissions = codes[acl.Permission, kmsg.ACLPermissionType]{"", "", acl.Deny, acl.Allow}
)
