// Package topicspec is the declarative language of topics.yaml and its algebra.
//
// Parse turns the file into a [Spec], reporting every problem it finds with file,
// line and column. [Spec.Desired] folds defaults and a profile into one [Desired]
// state per topic. [Diff] compares that with what the brokers answer ([Observed])
// and returns a [Plan]: plain data that a dry run prints, JSON carries and apply
// executes, so that none of them can disagree.
//
// The law the package keeps: Diff(desired, observed) is empty once every change
// of the plan that is not blocked has been made and nothing was blocked.
//
// Everything here is pure: no network, no clock, no environment (variables come
// through a function) and no Kafka client.
package topicspec
