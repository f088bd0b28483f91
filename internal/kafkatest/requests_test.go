package kafkatest

import "testing"

// One CreateTopics sent is one counted: not lost because its log line comes late, and in KRaft not
// twice because the broker forwards it to the controller.
func TestRequestsCountsWhatWasSent(t *testing.T) {
	t.Parallel()
	for _, f := range []Flavour{ZK1, Kraft1} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			c := Start(t, Options{Flavour: f, RequestLog: true, Props: map[string]string{"num.partitions": "7"}})
			cl := admin(t, c)
			for i, name := range []string{"a", "b", "c"} {
				if got := count(t, c, "CREATE_TOPICS"); got != i {
					t.Errorf("%d CREATE_TOPICS counted before number %d", got, i+1)
				}
				created, err := cl.CreateTopic(t.Context(), -1, 1, nil, name)
				if err != nil {
					t.Fatal(err)
				}
				if created.NumPartitions != 7 {
					t.Errorf("topic %s got %d partitions, want the 7 of Options.Props", name, created.NumPartitions)
				}
			}
			if got := count(t, c, "CREATE_TOPICS"); got != 3 {
				t.Errorf("%d CREATE_TOPICS counted, want 3", got)
			}
			if _, err := cl.DescribeAllLogDirs(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if got := count(t, c, "DESCRIBE_LOG_DIRS"); got != 1 {
				t.Errorf("%d DESCRIBE_LOG_DIRS counted, want 1", got)
			}
			if err := c.Kill(1); err != nil {
				t.Fatal(err)
			}
			if got := count(t, c, "CREATE_TOPICS"); got != 3 {
				t.Errorf("%d CREATE_TOPICS counted of a killed broker, want 3", got)
			}
		})
	}
}

func count(t *testing.T, c *Cluster, api string) int {
	t.Helper()
	counts, err := c.Requests()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("completed: %v", counts)
	return counts[api]
}

func TestRequestsNeedsTheLog(t *testing.T) {
	if _, err := Shared(t, Kraft1).Requests(); err == nil {
		t.Error("want an error without Options.RequestLog")
	}
}
