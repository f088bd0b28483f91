package kafka

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// Topics are asked for by id where all ids are known and the broker takes them, and the answer has
// the names in either case. An id that is gone is refused, though there be a topic of that name.
func TestFetch(t *testing.T) {
	t.Parallel()
	type answer struct {
		Topic string
		Err   string
	}
	for _, tt := range []struct {
		name string
		fake []kfake.Opt
		ids  func(TopicID) TopicID
		byID bool
		want answer
	}{
		{"by id", nil, func(id TopicID) TopicID { return id }, true, answer{"a", ""}},
		{"by an id that is gone", nil, func(TopicID) TopicID { return TopicID{9} }, true, answer{"a", "UNKNOWN_TOPIC_ID"}},
		{"by name, as the id is not known", nil, func(TopicID) TopicID { return TopicID{} }, false, answer{"a", ""}},
		{"by name, as the broker is older than 3.1", []kfake.Opt{kfake.MaxVersions(kversion.V3_0_0())}, func(id TopicID) TopicID { return id }, false, answer{"a", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t, append(tt.fake, kfake.SeedTopics(1, "a", "b"))...)
			meta, err := c.Metadata(ctx, c.Any, []string{"a", "b"})
			if err != nil {
				t.Fatal(err)
			}
			var places []FetchPlace
			for _, topic := range meta.Topics {
				id := topic.TopicID
				if *topic.Topic == "a" {
					id = tt.ids(id)
				}
				places = append(places, FetchPlace{TopicPartition{*topic.Topic, 0}, id, 0, -1, 1 << 20})
			}
			resp, err := Fetch(ctx, c.On(0), FetchRequest(places, 1<<20))
			if err != nil {
				t.Fatal(err)
			}
			if byID := resp.Version >= 13; byID != tt.byID {
				t.Errorf("version %d", resp.Version)
			}
			got := make(map[string]answer)
			for _, topic := range resp.Topics {
				one := answer{Topic: topic.Topic}
				if err := kerr.TypedErrorForCode(topic.Partitions[0].ErrorCode); err != nil {
					one.Err = err.Message
				}
				got[topic.Topic] = one
			}
			if diff := cmp.Diff(map[string]answer{"a": tt.want, "b": {"b", ""}}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// requestorFunc is a requestor that is a function.
type requestorFunc func(kmsg.Request) (kmsg.Response, error)

func (f requestorFunc) Request(_ context.Context, req kmsg.Request) (kmsg.Response, error) {
	return f(req)
}

// An answer about the whole request, or none, is the error.
func TestFetchFailed(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, tt := range []struct {
		name   string
		answer requestorFunc
		want   error
	}{
		{"no answer", func(kmsg.Request) (kmsg.Response, error) { return nil, broken }, broken},
		{"refused", func(kmsg.Request) (kmsg.Response, error) {
			resp := kmsg.NewPtrFetchResponse()
			resp.ErrorCode = kerr.UnsupportedVersion.Code
			return resp, nil
		}, kerr.UnsupportedVersion},
	} {
		if _, err := Fetch(t.Context(), tt.answer, FetchRequest(nil, 1)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
