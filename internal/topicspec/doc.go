// Package topicspec is the declarative language of topics.yaml and its algebra.
//
// Reading guide: [Parse] (parse.go) turns the file into a [Spec] (spec.go, decode.go), and reports
// every problem it finds with file, line and column (problem.go, validate.go). [Spec.Desired] folds
// defaults and a profile into one [Desired] state per topic (desired.go, profile_merge.go). [Diff]
// (diff.go) compares that with what the brokers answer ([Observed]) and returns a [Plan] (plan.go):
// plain data that a dry run prints, JSON carries and apply executes, so that none of them can
// disagree. tombstone.go is about topics that are declared absent. [Plan.Stages] (stages.go) orders its changes, and [Place] decides where replicas go when their
// number changes: placement_load.go by what the brokers bear, placement_leaders.go which of them comes first,
// placement_refusal.go what must not be moved. config_keys.go has the settings that Kafka knows, config_value.go and duration_size.go
// the types of their values, config_judge.go and config_rule.go which of them each Kafka takes
// (crossed_settings.go: together with others; broker_refusal.go: in a broker's words), config_doubt.go those that are hardly meant,
// config_hint.go and config_meaning.go what an unknown name stands for, schema.go the JSON Schema.
//
// Who may do what is in [Spec.Access] (access_fold.go), from access and services (spec_access.go, profile_overlay.go):
// access_validate.go checks it as it is written, access_crossed.go and access_sharing.go what services say together, and
// decode_access.go keeps what may be a password out of every problem. What follows from it is in package access.
//
// The law the package keeps: Diff(desired, observed) is empty once every change of the plan has
// been made and none of them was blocked.
//
// Everything here is pure: no network, no clock, no environment (variables come through a function)
// and no Kafka client.
package topicspec
