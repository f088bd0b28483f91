package legacy

import (
	"strings"
	"testing"
)

func TestModernizeConsoleTools(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, want string }{
		{"from now on", "kafka-console-consumer --bootstrap-server b:1 --topic t", "consume t --offset end -f --bootstrap-server b:1 -o value"},
		{"from the beginning", "kafka-console-consumer.sh --topic=t --from-beginning", "consume t --from-beginning -f -o value"},
		{"all, as Apache's tool says it", "console-consumer --topic t --from-beginning --max-messages -1", "consume t --from-beginning -f -o value"},
		{"so many", "console-consumer --topic t --from-beginning --max-messages 5", "consume t --from-beginning -f -n 5 -o value"},
		{"with keys", "console-consumer --topic t --property print.key=true --property print.timestamp=true", "consume t --offset end -f -o wide"},
		{"one partition", "console-consumer --topic t --partition 2 --offset earliest --timeout-ms 5000", "consume t --offset start -p 2 -o value"},
		{"of a group", "console-consumer --topic t --group g --isolation-level read_committed", "consume t -f --group g --isolation read_committed -o value"},
		{"in a format", "console-consumer --topic t --from-beginning -o json", "consume t --from-beginning -f -o json"},
		{"lines", "kafka-console-producer --broker-list b:1 --topic t", "produce t --broker-list b:1"},
		{"keys behind a backslash", `console-producer --topic t --property parse.key=true --property key.separator=\`, `produce t --key-separator \\`},
		{"keys", "console-producer --topic t --property parse.key=true --property key.separator=:", "produce t --key-separator :"},
		{"acknowledged", "console-producer --topic t --request-required-acks -1 --compression-codec gzip --sync", "produce t --acks all --compression gzip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, hint := Modernize(strings.Fields(tt.old))
			if strings.Join(got, " ") != tt.want || !strings.HasSuffix(hint, "kafkactl "+tt.want) {
				t.Errorf("%s\nis now %q, hint %q\nwant   %q", tt.old, got, hint, tt.want)
			}
		})
	}
	for _, old := range []string{"console-consumer --from-beginning", "console-producer"} {
		if got, hint := Modernize(strings.Fields(old)); hint != "" {
			t.Errorf("%s without a topic became %q", old, got)
		}
	}
}
