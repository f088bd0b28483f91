package admin

import (
	"fmt"
	"slices"
	"strings"
)

// The settings of a throttle: two of topics, which say what replicas are slowed down, and two of
// brokers, which say by how much (KIP-73).
const (
	leaderThrottled   = "leader.replication.throttled.replicas"
	followerThrottled = "follower.replication.throttled.replicas"
	leaderRate        = "leader.replication.throttled.rate"
	followerRate      = "follower.replication.throttled.rate"
)

// longestSetting is how many bytes a value may have: the controller of Kafka 4.3 refuses more.
const longestSetting = 32767

// throttledAll in a list is about all replicas of the topic.
const throttledAll = "*"

// throttledReplica is a replica as the lists have it, "partition:broker".
func throttledReplica(partition, broker int) string { return fmt.Sprintf("%d:%d", partition, broker) }

// throttledEntries returns what a list holds.
func throttledEntries(list string) []string {
	var entries []string
	for entry := range strings.SplitSeq(list, ",") {
		if entry = strings.TrimSpace(entry); entry != "" {
			entries = append(entries, entry)
		}
	}
	return entries
}

// lackingThrottled returns which of own entries a list lacks; one that is about all replicas lacks none.
func lackingThrottled(list string, own []string) []string {
	entries := throttledEntries(list)
	if slices.Contains(entries, throttledAll) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(own), func(entry string) bool { return slices.Contains(entries, entry) })
}

// hasThrottled reports whether a list has some of own entries.
func hasThrottled(list string, own []string) bool {
	return slices.ContainsFunc(throttledEntries(list), func(entry string) bool { return slices.Contains(own, entry) })
}
