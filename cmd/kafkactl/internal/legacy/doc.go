// Package legacy turns old spellings into command lines of this program. It is pure: [Modernize]
// takes arguments, and returns arguments and a hint. modernize.go has kafka-topics and kubectl's
// get, console_tools.go the console consumer and producer, consumer_groups.go
// kafka-consumer-groups.
package legacy
