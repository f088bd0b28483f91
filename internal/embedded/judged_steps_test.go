package embedded_test

import (
	"strings"
	"time"
)

// judgedSteps are requests that a broker judges, in an order in which later ones meet what earlier
// ones made. broker is the id of the only one.
func judgedSteps(broker int32) []step {
	return slicesOf(createSteps(broker), alterSteps(), partitionSteps(broker), produceSteps(time.Now()), aclSteps())
}

func slicesOf(parts ...[]step) []step {
	var all []step
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func createSteps(broker int32) []step {
	long := strings.Repeat("n", 250)
	return []step{
		{"create: a good topic stays when others are refused", creating(
			topic("a.b"), topic("bad name!"), topic("knows.not", config("nope", "1")),
			topic("bad.value", config("retention.ms", "7d")), topic("three", counts(1, 3)))},
		{"create: counts of the brokers", creating(topic("open", counts(-1, -1)))},
		{"create: counts", validating(topic("p0", counts(0, 1)), topic("p-2", counts(-2, 1)), topic("r0", counts(1, 0)), topic("r-2", counts(1, -2)),
			topic("r9", counts(1, 9)), topic("both", counts(0, 0)))},
		{"create: too many partitions", validating(topic("many", counts(10_001, 1)), topic("few"))},
		{"create: names", validating(topic(""), topic("."), topic(".."), topic("a/b"), topic("é"), topic(long), topic(long[1:]), topic("__cluster_metadata"))},
		{"create: collisions", validating(topic("a_b"), topic("a.b"), topic("c.d"))},
		{"create: twice in a request", creating(topic("twice"), topic("twice"), topic("once"))},
		{"create: what is first", validating(topic("a.b", config("nope", "1")), topic("a b", config("nope", "1")), topic("x", counts(0, 0), config("nope", "1")))},
		{"create: no value", validating(topic("null", config("retention.ms", "null")), topic("null.unknown", config("nope", "null")))},
		{"create: two bad values", validating(topic("two", config("retention.ms", "x"), config("nope", "1"), config("cleanup.policy", "x")))},
		{"create: a setting twice", validating(topic("last.wins", config("retention.ms", "x"), config("retention.ms", "1")),
			topic("last.loses", config("retention.ms", "1"), config("retention.ms", "x")))},
		{"create: crossed", validating(topic("lag", config("min.compaction.lag.ms", "2"), config("max.compaction.lag.ms", "1")),
			topic("tiered", config("remote.storage.enable", "true")), topic("lag.alone", config("max.compaction.lag.ms", "1")),
			topic("isr", config("min.insync.replicas", "2")))},
		{"create: assigned", validating(topic("fits", counts(-1, -1), assigned(0, broker), assigned(1, broker)),
			topic("nowhere", counts(-1, -1), assigned(0, 9)), topic("double", counts(-1, -1), assigned(0, broker, broker)),
			topic("none", counts(-1, -1), assigned(0)), topic("gap", counts(-1, -1), assigned(1, broker)),
			topic("same", counts(-1, -1), assigned(0, broker), assigned(0, broker)),
			topic("uneven", counts(-1, -1), assigned(0, broker), assigned(1, broker, 9)),
			topic("counted", counts(1, -1), assigned(0, broker)), topic("factored", counts(-1, 1), assigned(0, broker)))},
		{"create: what was made", describe("a.b", "open", "once", "bad.value", "twice")},
	}
}

func alterSteps() []step {
	return []step{
		{"alter: topics", creating(topic("alter"), topic("other"))},
		{"alter: unknown and known", alter("alter", op{set, "nope", "1"}, op{set, "retention.ms", "5"})},
		{"alter: a bad value", alter("alter", op{set, "retention.ms", "x"})},
		{"alter: one of two", altering(false, map[string][]op{"alter": {{set, "retention.ms", "-2"}}, "other": {{set, "retention.ms", "5"}}}, "alter", "other")},
		{"alter: no such topic", alter("missing", op{set, "retention.ms", "5"})},
		{"alter: no such topic, no such setting", alter("missing", op{set, "nope", "5"})},
		{"alter: no name", alter("", op{set, "retention.ms", "5"})},
		{"alter: a name that no topic has", alter("a b", op{set, "retention.ms", "5"})},
		{"alter: no value", alter("alter", op{set, "retention.ms", "null"})},
		{"alter: no value to append", alter("alter", op{add, "cleanup.policy", "null"})},
		{"alter: delete what is unknown", alter("alter", op{del, "nope", "null"})},
		{"alter: delete what is not set", alter("alter", op{del, "retention.ms", "null"})},
		{"alter: a setting twice", alter("alter", op{set, "retention.ms", "1"}, op{set, "retention.ms", "2"})},
		{"alter: a topic twice", altering(false, map[string][]op{"alter": {{set, "retention.ms", "5"}}}, "alter", "alter")},
		{"alter: append to a number", alter("alter", op{add, "retention.ms", "1"})},
		{"alter: subtract from what is unknown", alter("alter", op{subtract, "nope", "1"})},
		{"alter: append a policy that there is none of", alter("alter", op{add, "cleanup.policy", "wibble"})},
		{"alter: append to the default", alter("alter", op{add, "cleanup.policy", "compact"})},
		{"alter: append what is there", alter("alter", op{add, "cleanup.policy", "compact,delete"})},
		{"alter: appended", describe("alter")},
		{"alter: subtract", alter("alter", op{subtract, "cleanup.policy", "delete"})},
		{"alter: subtracted", describe("alter")},
		{"alter: subtract the last", alter("alter", op{subtract, "cleanup.policy", "compact"})},
		{"alter: all subtracted", describe("alter")},
		{"alter: an operation that there is not", alter("alter", op{9, "cleanup.policy", "compact"})},
		{"alter: no operations", alter("alter")},
		{"alter: the first of two that limit each other", alter("alter", op{set, "min.compaction.lag.ms", "10"})},
		{"alter: the second", alter("alter", op{set, "max.compaction.lag.ms", "5"})},
		{"alter: the second with the first", alter("alter", op{set, "max.compaction.lag.ms", "5"}, op{del, "min.compaction.lag.ms", "null"})},
		{"alter: only asked", altering(true, map[string][]op{"alter": {{set, "retention.ms", "x"}}, "other": {{set, "retention.ms", "6"}}}, "alter", "other")},
		{"alter: in the end", describe("alter", "other")},
		{"replace: a bad value", replace("alter", "retention.ms", "x")},
		{"replace: unknown", replace("alter", "nope", "1")},
		{"replace: no value", replace("alter", "retention.ms", "null")},
		{"replace: no such topic", replace("missing", "retention.ms", "1")},
		{"replace: crossed", replace("alter", "min.compaction.lag.ms", "6", "max.compaction.lag.ms", "5")},
		{"replace: nothing was", describe("alter")},
		{"replace: all", replace("alter", "retention.ms", "60000")},
		{"replace: in the end", describe("alter")},
	}
}

func partitionSteps(broker int32) []step {
	return []step{
		{"grow: topics", creating(topic("grow", counts(3, 1)), topic("grow.too", counts(3, 1)))},
		{"grow: fewer, same, none, one", growing(growth{"grow", 2, nil}, growth{"missing", 3, nil}, growth{"grow.too", 4, nil})},
		{"grow: the same", growing(growth{"grow", 3, nil})},
		{"grow: zero", growing(growth{"grow", 0, nil})},
		{"grow: below zero", growing(growth{"grow", -1, nil})},
		{"grow: twice", growing(growth{"grow", 4, nil}, growth{"grow", 5, nil}, growth{"grow.too", 5, nil})},
		{"grow: to nowhere", growing(growth{"grow", 4, [][]int32{{9}}})},
		{"grow: too few places", growing(growth{"grow", 5, [][]int32{{broker}}})},
		{"grow: too many places", growing(growth{"grow", 4, [][]int32{{broker}, {broker}}})},
		{"grow: an empty place", growing(growth{"grow", 4, [][]int32{{}}})},
		{"grow: a place twice", growing(growth{"grow", 4, [][]int32{{broker, broker}}})},
		{"grow: more replicas", growing(growth{"grow", 4, [][]int32{{broker, 9}}})},
		{"grow: a place", growing(growth{"grow", 4, [][]int32{{broker}}})},
		{"reassign: nowhere", reassigning("grow", 0, 9)},
		{"reassign: none", reassigning("grow", 0, []int32{}...)},
		{"reassign: twice", reassigning("grow", 0, broker, broker)},
		{"reassign: below zero", reassigning("grow", 0, -1)},
		{"reassign: as it is", reassigning("grow", 0, broker)},
		{"reassign: no such partition", reassigning("grow", 7, broker)},
		{"reassign: no such topic", reassigning("missing", 0, broker)},
	}
}

func produceSteps(now time.Time) []step {
	const logAppend = 0x08
	return []step{
		{"produce: topics", creating(topic("plain"), topic("compacted", config("cleanup.policy", "delete,compact")),
			topic("append", config("message.timestamp.type", "LogAppendTime")), topic("early", config("message.timestamp.before.max.ms", "60000")),
			topic("late", config("message.timestamp.after.max.ms", "60000")), topic("any", config("message.timestamp.after.max.ms", "9223372036854775807")))},
		{"produce: plain", producing(part{"plain", 0, batch(now, 0, "a", "")})},
		{"produce: no key", producing(part{"compacted", 0, batch(now, 0, "a", "", "b", "")})},
		{"produce: no keys", producing(part{"compacted", 0, batch(now, 0, "", "", "", "", "")})},
		{"produce: a key", producing(part{"compacted", 0, batch(now, 0, "a")})},
		{"produce: good beside bad", producing(part{"compacted", 0, batch(now, 0, "")}, part{"plain", 0, batch(now, 0, "")}, part{"append", 0, batch(now, 0, "")})},
		{"produce: append time", producing(part{"append", 0, batch(now.Add(-time.Hour), 0, "a", "")})},
		{"produce: append time, years ahead", producing(part{"append", 0, batch(now.Add(9999*time.Hour), 0, "a", "")})},
		{"produce: too early", producing(part{"early", 0, batch(now.Add(-time.Hour), 0, "a", "b")})},
		{"produce: not too early", producing(part{"early", 0, batch(now, 0, "a", "b")})},
		{"produce: too late", producing(part{"late", 0, batch(now.Add(time.Hour), 0, "a")})},
		{"produce: too late for the default", producing(part{"plain", 0, batch(now.Add(2*time.Hour), 0, "a")})},
		{"produce: late for a topic that takes all", producing(part{"any", 0, batch(now.Add(2*time.Hour), 0, "a")})},
		{"produce: before 1970", producing(part{"plain", 0, batch(time.UnixMilli(0), 0, "a")})},
		{"produce: no time", producing(part{"plain", 0, batch(time.UnixMilli(-1), 0, "a")})},
		{"produce: append time of a client", producing(part{"plain", 0, batch(now, logAppend, "a")})},
		{"produce: no key and too late", producing(part{"compacted", 0, batch(now.Add(2*time.Hour), 0, "")})},
	}
}
