package main

import (
	"strconv"
	"strings"
)

// valuesOf lists values about the bounds of a setting, and such as people slip into.
func valuesOf(d documented) []string {
	values := []string{"", " ", "$UNSET", "null", "-", "none"}
	switch d.kind {
	case "boolean":
		return append(values, "true", "false", "TRUE", "False", "yes", "no", "on", "0", "1", " true ", "t", "truee")
	case "list":
		return append(values, listValues(d)...)
	case "string":
		return append(values, choiceValues(d)...)
	case "double":
		values = append(values, "0.5f", "0.5d", "1e-1", ".5", "1.", "0x1p-1", "half", "1,5", "NaN", "Infinity", "-Infinity", "nan", "-0", "50%")
	default:
		largest, _ := strconv.ParseUint(map[string]string{"int": "2147483647", "long": "9223372036854775807"}[d.kind], 10, 64)
		values = append(values, "0", "1", "-1", "-2", "-3", "7", "168", "+5", "007", "5L", "0x10", "1e3", "1_000", "1.5", " 5 ", "five", "7d", "1GiB",
			strconv.FormatUint(largest, 10), strconv.FormatUint(largest+1, 10), "-"+strconv.FormatUint(largest+1, 10), "-"+strconv.FormatUint(largest+2, 10))
	}
	for _, bound := range rangePattern.FindStringSubmatch(d.valid) {
		if f, err := strconv.ParseFloat(bound, 64); err == nil {
			step := map[bool]float64{true: 0.001, false: 1}[d.kind == "double"]
			for _, v := range []float64{f - step, f, f + step} {
				values = append(values, strconv.FormatFloat(v, 'f', -1, 64))
			}
		}
	}
	return values
}

func choiceValues(d documented) []string {
	var values []string
	for _, item := range strings.Split(strings.Trim(d.valid, "[]"), ", ") {
		release, _, _ := strings.Cut(item, "-")
		values = append(values, item, strings.ToUpper(item), strings.ToLower(item), strings.Title(item), //nolint:staticcheck // ASCII
			item+"x", item[:len(item)-1], " "+item+" ", release, release+".1", release+".1.2", item+".1", item+"-1")
	}
	return append(values, "9.9", "3", "lz-4", "none", "create_time")
}

func listValues(d documented) []string {
	if d.valid == throttledValues {
		return []string{
			"*", "0:1", "0:1,1:2", "0:1, 1:2", "0:1 , 1:2", "0:1 1:2", "0:1,", ",0:1", "0:1,,1:2", ",", "foo", "0:1:2", "0-1", ":1", "0:", "0", "*,0:1", "*,",
			"**", "-1:0", "[0:1]", "a:b", "0:1;1:2", "all", "none",
		}
	}
	items := strings.Split(strings.Trim(d.valid, "[]"), ", ")
	values := choiceValues(d)
	for _, sep := range []string{",", ", ", " , ", ",,", " ", ";", "|", "+", "\t", ", ,"} {
		values = append(values, strings.Join(items, sep))
	}
	joined := strings.Join(items, ",")
	return append(values, "["+joined+"]", joined+",", ","+joined, ",", ", ,", joined+","+joined, items[0]+","+items[0], strings.ToUpper(joined), items[0]+",wibble")
}

// crossedConfigs are settings that are right by themselves.
func crossedConfigs() []map[string]string {
	return []map[string]string{
		{"min.compaction.lag.ms": "2", "max.compaction.lag.ms": "1"},
		{"min.compaction.lag.ms": "2", "max.compaction.lag.ms": "2"},
		{"min.compaction.lag.ms": "1", "max.compaction.lag.ms": "2"},
		{"min.compaction.lag.ms": "2d", "max.compaction.lag.ms": "1h"},
		{"min.compaction.lag.ms": "9223372036854775807"},
		{"min.compaction.lag.ms": "9223372036854775807", "max.compaction.lag.ms": "9223372036854775806"},
		{"local.retention.ms": "2", "retention.ms": "1"},
		{"local.retention.bytes": "2", "retention.bytes": "1"},
		{"local.retention.ms": "-1", "retention.ms": "1"},
		{"local.retention.ms": "-1", "retention.ms": "1", "remote.storage.enable": "false"},
		{"local.retention.ms": "2", "retention.ms": "1", "remote.storage.enable": "true"},
		{"local.retention.bytes": "-1", "retention.bytes": "1", "remote.storage.enable": "true"},
		{"cleanup.policy": "compact", "remote.storage.enable": "true"},
		{"cleanup.policy": "compact", "remote.storage.enable": "false"},
		{"cleanup.policy": "compact", "retention.ms": "7d"},
		{"max.message.bytes": "2147483647", "segment.bytes": "1048576"},
		{"segment.bytes": "1048576", "segment.index.bytes": "2147483647"},
		{"segment.jitter.ms": "9223372036854775807", "segment.ms": "1"},
		{"compression.type": "gzip", "compression.gzip.level": "0"},
		{"compression.type": "zstd", "compression.gzip.level": "9"},
		{"min.insync.replicas": "2147483647"},
	}
}
