// Package admin holds every conversation with the brokers that is about topics and
// what is done with them: [New] makes a [Client], [Client.Plan] compares desired
// topics with what the brokers answer, [Client.Validate] has the brokers judge the
// plan without making it, [Client.Apply] makes it, and [Client.Settle] returns once
// every live broker agrees. [Client.Converge] is all of them in order. ListTopics and
// DescribeTopic are views for people.
//
// Two questions are for those who wait for more than topics: [Client.RoundTrip] whether
// records come through, and [Client.Condition] how well the topics stand when a broker or
// a disk is lost.
//
// Functions return plain structs and print nothing. Failures are at two levels: a
// returned error means the question could not be asked; what happened to one topic
// of a batch is in that topic's own outcome, and the rest of the batch goes on.
// Errors of a broker are [*kafka.BrokerError], so errors.Is with a kerr value works; one for
// want of an ACL is a [*kafka.DeniedError] around it, which names what must be granted.
package admin
