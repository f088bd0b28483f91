// Package groups asks about consumer groups, of the classic protocol and of KIP-848's alike:
// who their members are, how far they have read, and it moves or deletes what they
// committed. Asking never changes the cluster: no request looks for a coordinator, which
// would make __consumer_offsets where nothing consumed before. Every live broker is asked
// for the groups that it coordinates instead.
//
// Read in this order:
//
//   - group.go: [Group] and [Member], the one shape that a group has here.
//   - listing.go: which groups there are, and which may be missing from the answer.
//   - decode.go: DescribeGroups and ConsumerGroupDescribe, each asked and decoded to a [Group]
//     in one place. decode_other.go has the share and streams groups, which only
//     [LagQuery.AllReaders] asks for.
//   - describe.go: [Client.Describe] and [Client.Consuming] for groups by name.
//   - lag.go, coordinator.go, commits.go, logs.go, unread.go: [Client.Lag] is listing → members
//     and commits from each coordinator → where the logs begin and end → what is left to read,
//     as far as it may be markers of transactions alone → lag.
//   - lag_sum.go, lag_view.go: sums over partitions, built once, and the order and the
//     break-downs that every view of lag shares. Pure.
//   - reset.go, reset_plan.go, reset_commit.go: [Client.PlanReset] says where a group's
//     offsets would go, [Client.ResetOffsets] commits that.
//   - delete.go: [Client.Delete].
//
// Errors have the forms of internal/kafka. What is wrong with one group of several is in
// that group's Err, and the others are there all the same.
package groups
