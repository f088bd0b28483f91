// Package legacy turns old spellings into command lines of this program. It is pure: [Modernize]
// takes arguments, and returns arguments and a hint, or a [Refusal] for what there is no new spelling
// of.
//
// modernize.go has the result and kubectl's get. call.go reads the command line of a tool of Apache,
// and container.go the words before it, as docker exec kafka. Then one file for each tool: topics.go,
// configs.go, get_offsets.go, console_consumer.go, console_producer.go, consumer_groups.go;
// other_tools.go has the small ones and those without a counterpart.
package legacy
