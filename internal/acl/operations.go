package acl

import "slices"

// OperationsOf lists the operations that brokers ask for on a type of resource, in Kafka's order. [All] is an operation of
// every type, and not among them. It is nil for a type that is not known.
//
// It is AclEntry.supportedOperations of Kafka 4.3; before 4.0, groups have no settings. Brokers keep bindings with other
// operations, of which only what they imply matters.
func OperationsOf(t ResourceType) []Operation {
	switch t {
	case Topic:
		return []Operation{Read, Write, Create, Delete, Alter, Describe, DescribeConfigs, AlterConfigs}
	case Group:
		return []Operation{Read, Delete, Describe, DescribeConfigs, AlterConfigs}
	case Cluster:
		return []Operation{Create, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite}
	case TransactionalID:
		return []Operation{Write, Describe, TwoPhaseCommit}
	case DelegationToken:
		return []Operation{Describe}
	case User:
		return []Operation{CreateTokens, DescribeTokens}
	default:
		return nil
	}
}

// Gives lists what an allowance of an operation on a type of resource permits: the operation itself, and DESCRIBE with
// READ, WRITE, DELETE and ALTER, DESCRIBE_CONFIGS with ALTER_CONFIGS. [All] gives every operation of the type. A denial
// denies just what it says.
func (o Operation) Gives(t ResourceType) []Operation {
	if o == All {
		return append([]Operation{All}, OperationsOf(t)...)
	}
	switch o {
	case Read, Write, Delete, Alter:
		return []Operation{o, Describe}
	case AlterConfigs:
		return []Operation{o, DescribeConfigs}
	default:
		return []Operation{o}
	}
}

// decides reports whether a binding with the operation o is about the operation asked: what [Operation.Gives] says of an
// allowance, and what is written alone of a denial. [All] is about operations of newer Kafkas, too.
func (o Operation) decides(asked Operation, permission Permission) bool {
	if o == All || o == asked {
		return true
	}
	return permission == Allow && slices.Contains(o.Gives(""), asked)
}
