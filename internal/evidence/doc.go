// Package evidence says what the records of a topic and the groups that read it say about a change, before it is made:
// how many records of a key more partitions separate, which records a lower retention removes, whether a topic that is
// to be deleted is in use.
//
// Read in this order:
//
//   - examine.go: [Client.Examine] takes the changes of a plan and returns what is found out about each. It asks in bulk:
//     the number of requests depends on the brokers, not on the topics, and is 0 for changes without a risk.
//   - subject.go: what is known of one topic, while it is asked about and afterwards.
//   - settings.go, default_retention.go, logs.go, sizes.go, keys.go, use.go, readers.go: the questions. What is not answered is known to be
//     unknown, and why.
//   - growth.go, trim.go, deletion.go: the evidence that follows. Pure: the time is handed in.
//
// It changes nothing, and joins no group. Sentences for people are in [topicspec.Evidence].
package evidence
