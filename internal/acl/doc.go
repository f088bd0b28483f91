// Package acl is Kafka's access control lists as data: what a binding is, which of them brokers take, and how an
// authorizer decides with them.
//
// A [Binding] (binding.go) is one rule: who may, or must not, do what, from where, with which [Resource]. The words are
// Kafka's own, as kafka-acls and the Admin API have them (KIP-11, KIP-290 for prefixes).
//
// Everything here is pure: no network, no clock and no Kafka client.
package acl
