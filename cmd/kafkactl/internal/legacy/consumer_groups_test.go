package legacy

import (
	"strings"
	"testing"
)

func TestModernizeGroups(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, want string }{
		{"get", "get cg", "list groups"},
		{"get with a flag", "get groups -o json", "list groups -o json"},
		{"get one", "get cg g", "describe group g"},
		{"describe", "describe cg g", "describe group g"},
		{"topic called as a kind", "get topic group -o json", "describe topic group -o json"},
		{"describe a topic called as a kind", "topics --describe --topic cluster", "describe topic cluster"},
		{"delete a topic called as a kind", "topics --delete --topic group", "delete topic group"},
		{"list", "kafka-consumer-groups --bootstrap-server b:1 --list", "list groups --bootstrap-server b:1"},
		{"describe by Apache", "kafka-consumer-groups.sh --describe --group g --members --verbose", "describe group g"},
		{"describe several", "consumer-groups --describe --group g --group h", "lag g h"},
		{"describe all", "consumer-groups --describe --all-groups --timeout 5000", "lag --timeout 5000ms"},
		{"state alone", "consumer-groups --describe --group=g --state", "describe group g"},
		{"to the beginning", "consumer-groups --reset-offsets --group g --topic t:0,1 --to-earliest --execute", "reset-offsets g --topic t:0,1 --to-beginning --execute"},
		{"to the end", "consumer-groups --group g --reset-offsets --all-topics --to-latest --dry-run", "reset-offsets g --all-topics --to-end"},
		{"to a time", "consumer-groups --reset-offsets --group g --topic t --to-datetime 2026-11-22T10:00:00.000", "reset-offsets g --topic t --to-time 2026-11-22T10:00:00.000Z"},
		{"to a time in a zone", "consumer-groups --reset-offsets --group g --topic t --to-datetime 2026-11-22T10:00:00+01:00", "reset-offsets g --topic t --to-time 2026-11-22T10:00:00+01:00"},
		{"back by a duration", "consumer-groups --reset-offsets --group g --topic t --by-duration P1DT2H30M", "reset-offsets g --topic t --to-time 1d2h30m"},
		{"by so many", "consumer-groups --reset-offsets --group g --topic t --shift-by -5", "reset-offsets g --topic t --shift -5"},
		{"delete", "consumer-groups --delete --group g --group h", "delete group g h"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, hint := Modernize(strings.Fields(tt.old))
			if strings.Join(got, " ") != tt.want || !strings.HasSuffix(hint, "kafkactl "+tt.want) {
				t.Errorf("%s\nis now %q, hint %q\nwant   %q", tt.old, got, hint, tt.want)
			}
		})
	}
	for _, old := range []string{
		"consumer-groups", "consumer-groups --describe", "consumer-groups --delete-offsets --group g --topic t", "describe group g", "list groups",
		"describe cg", "describe groups -o json", "describe group",
	} {
		if got, hint := Modernize(strings.Fields(old)); hint != "" {
			t.Errorf("%s became %q", old, got)
		}
	}
}
