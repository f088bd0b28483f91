package acl

import (
	"cmp"
	"strings"
)

// ResourceType is the kind of thing that a binding is about. The values are Kafka's, and appear in JSON.
type ResourceType string

// The resource types of Kafka 4.3.
const (
	Topic           ResourceType = "TOPIC"
	Group           ResourceType = "GROUP"
	Cluster         ResourceType = "CLUSTER"
	TransactionalID ResourceType = "TRANSACTIONAL_ID"
	DelegationToken ResourceType = "DELEGATION_TOKEN"
	User            ResourceType = "USER"
)

// PatternType is how the name of a resource is meant (KIP-290).
type PatternType string

const (
	// Literal is one name, or * for every name.
	Literal PatternType = "LITERAL"
	// Prefixed is every name that begins so; * in it is a character.
	Prefixed PatternType = "PREFIXED"
)

// Operation is what is done with a resource. One that this package does not know, of a newer Kafka, is its number.
type Operation string

// The operations of Kafka 4.3.
const (
	All             Operation = "ALL"
	Read            Operation = "READ"
	Write           Operation = "WRITE"
	Create          Operation = "CREATE"
	Delete          Operation = "DELETE"
	Alter           Operation = "ALTER"
	Describe        Operation = "DESCRIBE"
	ClusterAction   Operation = "CLUSTER_ACTION"
	DescribeConfigs Operation = "DESCRIBE_CONFIGS"
	AlterConfigs    Operation = "ALTER_CONFIGS"
	IdempotentWrite Operation = "IDEMPOTENT_WRITE"
	CreateTokens    Operation = "CREATE_TOKENS"
	DescribeTokens  Operation = "DESCRIBE_TOKENS"
	TwoPhaseCommit  Operation = "TWO_PHASE_COMMIT"
)

// Permission is what a binding says of an operation. A denial wins over any number of allowances.
type Permission string

// The permissions.
const (
	Allow Permission = "ALLOW"
	Deny  Permission = "DENY"
)

const (
	// ClusterName is the only name that a resource of the type Cluster has.
	ClusterName = "kafka-cluster"
	// Any is every host, every user after "User:", and every literal name.
	Any = "*"
)

// Resource is what a binding is about: all things of a type whose name fits.
type Resource struct {
	Type    ResourceType `json:"resourceType"`
	Pattern PatternType  `json:"patternType"`
	Name    string       `json:"resourceName"`
}

// Binding is one ACL. The zero value is none.
type Binding struct {
	// Principal is who, with the type: "User:order-service".
	Principal string `json:"principal"`
	Resource
	// Host is an IP address, or [Any].
	Host       string     `json:"host"`
	Operation  Operation  `json:"operation"`
	Permission Permission `json:"permission"`
}

// Compare orders bindings by principal, resource, permission, operation and host. It looks no further than to the first
// difference, as lists are long.
func Compare(a, b Binding) int {
	if by := strings.Compare(a.Principal, b.Principal); by != 0 {
		return by
	}
	if a.Resource != b.Resource {
		return cmp.Or(cmp.Compare(a.Type, b.Type), strings.Compare(a.Name, b.Name), cmp.Compare(a.Pattern, b.Pattern))
	}
	return cmp.Or(cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Operation, b.Operation), strings.Compare(a.Host, b.Host))
}

// String is a resource for people: "topic order.created", "topics payment.*" for a prefix, "every topic", "the cluster".
func (r Resource) String() string {
	kind := Words(string(r.Type))
	switch {
	case r.Type == Cluster:
		return "the cluster"
	case r.Pattern == Prefixed:
		return kind + "s " + r.Name + "*"
	case r.Name == Any:
		return "every " + kind
	default:
		return kind + " " + r.Name
	}
}

// String is a binding for people: "User:app may write topic order.created from 10.0.0.1".
func (b Binding) String() string {
	verb := " may "
	if b.Permission == Deny {
		verb = " must not "
	}
	text := b.Principal + verb + b.Operation.On(b.Resource)
	if b.Host != Any {
		text += " from " + b.Host
	}
	return text
}

// On is an operation on a resource for people: "write topic order.created", "do everything with every topic", "alter
// configs of the cluster".
func (o Operation) On(r Resource) string {
	verb := Words(string(o))
	switch o {
	case All:
		verb = "do everything with"
	case DescribeConfigs, AlterConfigs, CreateTokens, DescribeTokens:
		verb += " of"
	case Create, ClusterAction, IdempotentWrite:
		if r.Type == Cluster {
			verb += " on"
		}
	case Read, Write, Delete, Alter, Describe:
	default: // TWO_PHASE_COMMIT, and those of a newer Kafka
		verb += " with"
	}
	return verb + " " + r.String()
}

// Words is one of Kafka's names in small letters: "transactional id".
func Words(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", " ")) }
