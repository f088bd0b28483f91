// Package access says who must be able to do what so that the services of a topics file work, and what differs from that
// on the brokers.
//
// [Derive] (derive.go) turns services and the topics that they produce and consume into the fewest bindings, each with
// its reasons. [Diff] (diff.go) compares those, users and quotas with what the brokers answer ([Observed]) and returns
// changes of the same plan that topics have.
// [Services] (export.go) is the way back: what brokers have, as services of a file.
//
// The law the package keeps: Diff is empty once every change has been made and none of them was blocked, and nothing that
// the file does not declare is removed unless the user accepts just so many removals.
//
// Everything here is pure: no network, no clock and no Kafka client. What ACLs mean is in package acl.
package access
