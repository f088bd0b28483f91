package health

import "testing"

// What is compatible with Kafka and not Kafka, which offers neither request, is not called a
// ZooKeeper cluster.
func TestMode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		offers []offers
		want   string
	}{
		{nil, ""},
		{[]offers{{3, 18}}, ""},
		{[]offers{{3, 4, 5, 6, 7, 18}}, "zookeeper"},
		{[]offers{{3, 18}, {3, 6, 18}}, "zookeeper"},
		{[]offers{{3, 18, 55}}, "kraft"},
		{[]offers{{3, 6, 18}, {3, 18, 55}}, "kraft"}, // in the last step of a migration
	} {
		var k notes
		for _, o := range test.offers {
			k.addSpeaker("addr", o)
		}
		if got := k.mode(); got != test.want {
			t.Errorf("%v: mode %q, want %q", test.offers, got, test.want)
		}
	}
}
