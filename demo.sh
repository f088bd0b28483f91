#!/bin/sh
# The main job in four commands, against whatever Kafka the environment names; `make demo` gives it an embedded one.
set -eu
PATH="$PWD/bin:$PATH"

run() {
	printf '\n$ %s\n' "$*"
	"$@"
}

run kafkactl apply                  # creates the declared topics
run kafkactl apply                  # in sync: one line, nothing written
run kafkactl list
run kafkactl describe order.created
