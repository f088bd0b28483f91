// Package admin makes a cluster's topics what a spec declares, and shows topics, brokers and the
// cluster to people.
//
// Read it in the order in which apply runs, which is [Client.Converge]:
//
//  1. [New] makes a [Client] of a connected [kafka.Client].
//  2. plan.go: [Client.Plan] compares desired topics with what all live brokers answer.
//     observe.go asks one broker and views.go all of them; what to do about a difference is
//     decided in package topicspec.
//  3. validate.go: [Client.Validate] has the brokers judge the plan without making it. A
//     [*RefusedError] holds their refusals, by change.
//  4. apply.go: [Client.Apply] makes the plan. send.go and delete.go have the requests, unexplained.go what
//     becomes of a broker that fails inside, and report.go the outcome of each change.
//  5. settle.go: [Client.Settle] returns once every live broker shows the topics as declared
//     and every leader acts as one (acting_leaders.go). pace.go says how often it looks. gone.go looks for what was deleted,
//     and whether it comes back.
//
// Whether a partition is well is decided in one place, [Partition.Issues] in
// partition_issue.go. Settle, [Client.Condition] (how well the topics are when a broker or a
// disk is lost) and the views for people all read it: [Client.ListTopics], [Client.Health],
// [Client.DescribeTopic], [Client.Cluster].
//
// Two more questions are for those who wait for a cluster: [Client.Writable], whether it
// would make a topic, and [Client.RoundTrip], whether records come through.
//
// Functions return plain structs and print nothing. Failures are at two levels: a returned error
// means the question could not be asked; what happened to one change of a batch is in its own
// outcome, and the rest of the batch goes on. What an answer leaves out is a [*LeftOutError], never
// "none". Errors of a broker are [*kafka.BrokerError], so errors.Is with a kerr value works; one
// for want of an ACL is a [*kafka.DeniedError] around it, which names what must be granted.
package admin
