// Package acl is Kafka's access control lists as data: what a binding is, which of them brokers take, and how an
// authorizer decides with them.
//
// A [Binding] (binding.go) is one rule: who may, or must not, do what, from where, with which [Resource]. The words are
// Kafka's own, as kafka-acls and the Admin API have them (KIP-11, KIP-290 for prefixes); words.go reads them in the
// spellings that people know.
//
//   - resource.go: which names a resource has, and which bindings cover or defeat others.
//   - operations.go: the operations that a type of resource knows, and which of them imply others.
//   - check.go: [Check] refuses bindings that brokers refuse, or keep though they never matter.
//   - decide.go: [Decide] answers as both authorizers of Kafka do, and names the binding that decides.
//   - command.go: the command line of Apache's tool that adds a binding.
//
// Everything here is pure: no network, no clock and no Kafka client.
package acl
