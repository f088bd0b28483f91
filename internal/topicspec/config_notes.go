package topicspec

import (
	"slices"
	"strings"
)

// ConfigNote returns in a few words what a topic setting does, and in which units it may be
// written; "" for a setting that no supported Kafka version knows.
func ConfigNote(name string) string {
	note := configNotes[name]
	switch {
	case note == "":
		return ""
	case strings.HasSuffix(name, ".ms"):
		return note + " (7d, 12h, 500ms)"
	case strings.HasSuffix(name, ".bytes"):
		return note + " (512MiB, 1GiB)"
	default:
		return note
	}
}

// manyValues is from how many values on they are no help to choose from.
const manyValues = 10

// ConfigValues returns the values that a topic setting can have when there are only a few, nil
// otherwise: of a list its items, and all of them together.
func ConfigValues(name string) []string {
	known, _ := lookupConfig(name)
	if known.kind == kindBoolean {
		return []string{"true", "false"}
	}
	var values []string
	for _, r := range known.rules {
		for _, value := range r.oneOf {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	if len(values) >= manyValues {
		return nil
	}
	if known.kind == kindList && len(values) > 1 {
		values = append(values, strings.Join(values, ","))
	}
	return values
}

// configNotes has one note a setting.
var configNotes = map[string]string{ //nolint:gochecknoglobals // constant table, never written
	"cleanup.policy":                          "what becomes of old records: deleted, compacted by key, or both",
	"compression.gzip.level":                  "level of gzip, when the broker compresses",
	"compression.lz4.level":                   "level of lz4, when the broker compresses",
	"compression.type":                        "codec on disk; producer keeps what was sent",
	"compression.zstd.level":                  "level of zstd, when the broker compresses",
	"delete.retention.ms":                     "how long compaction keeps tombstones",
	"file.delete.delay.ms":                    "how long a deleted segment stays on disk",
	"flush.messages":                          "records between two fsyncs; the default leaves it to the system",
	"flush.ms":                                "time between two fsyncs; the default leaves it to the system",
	"follower.replication.throttled.replicas": "PARTITION:BROKER pairs whose fetching is throttled, or *",
	"index.interval.bytes":                    "log between two entries of the offset index",
	"leader.replication.throttled.replicas":   "PARTITION:BROKER pairs whose serving is throttled, or *",
	"local.retention.bytes":                   "size kept on the broker's own disk with tiered storage; -2 is retention.bytes",
	"local.retention.ms":                      "time kept on the broker's own disk with tiered storage; -2 is retention.ms",
	"max.compaction.lag.ms":                   "longest time a record may stay uncompacted",
	"max.message.bytes":                       "largest batch the broker takes",
	"message.downconversion.enable":           "convert records for very old consumers",
	"message.format.version":                  "format on disk; without effect since Kafka 3.0",
	"message.timestamp.after.max.ms":          "how far in the future a record's timestamp may be",
	"message.timestamp.before.max.ms":         "how far in the past a record's timestamp may be",
	"message.timestamp.difference.max.ms":     "how far off a record's timestamp may be; replaced by .before and .after",
	"message.timestamp.type":                  "timestamps of the producer, or of the broker's clock",
	"min.cleanable.dirty.ratio":               "share of the log that is uncompacted before compaction starts",
	"min.compaction.lag.ms":                   "shortest time a record stays uncompacted",
	"min.insync.replicas":                     "replicas that must be in sync for acks=all to be accepted",
	"preallocate":                             "reserve the disk space of a segment when it is made",
	"remote.log.copy.disable":                 "stop copying to remote storage",
	"remote.log.delete.on.disable":            "delete what is in remote storage when it is turned off",
	"remote.storage.enable":                   "tiered storage for this topic",
	"retention.bytes":                         "size of a partition beyond which old segments are deleted; -1 is no limit",
	"retention.ms":                            "age beyond which old segments are deleted; -1 is never",
	"segment.bytes":                           "size of a segment, the unit of deletion and compaction",
	"segment.index.bytes":                     "size of the offset index of a segment",
	"segment.jitter.ms":                       "random part taken off segment.ms, so that not all roll at once",
	"segment.ms":                              "age at which a segment is closed though it is not full",
	"unclean.leader.election.enable":          "let a replica that is behind lead, and lose records, rather than have no leader",
}
