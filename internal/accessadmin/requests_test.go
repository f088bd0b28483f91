package accessadmin

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// Requests hold no more changes and bytes than brokers take, none is empty, and all changes are in them in order.
func TestRequests(t *testing.T) {
	t.Parallel()
	long := reading("User:"+strings.Repeat("x", 300_000), 7)
	for _, test := range []struct {
		name    string
		changes []topicspec.Change
		want    []int
	}{
		{"none", nil, nil},
		{"one", reading("User:a", 1), []int{1}},
		{"as many as fit", reading("User:a", mostChanges), []int{mostChanges}},
		{"one more", reading("User:a", mostChanges+1), []int{mostChanges, 1}},
		{"long names", long, []int{3, 3, 1}},
		{"too long for any", reading("User:"+strings.Repeat("x", 2*mostBytes), 2), []int{1, 1}},
	} {
		divided := requests(test.changes)
		var sizes []int
		for _, request := range divided {
			sizes = append(sizes, len(request))
		}
		if diff := cmp.Diff(test.want, sizes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
		if all := slices.Concat(divided...); !cmp.Equal(all, test.changes) {
			t.Errorf("%s: the changes are others", test.name)
		}
	}
}

// Lists of brokers that agree are one list; what some lack is late.
func TestEverywhereAndLate(t *testing.T) {
	t.Parallel()
	bindings := bindingsOf(reading("User:a", 4))
	for _, test := range []struct {
		name      string
		lists     [][]acl.Binding
		all, late []acl.Binding
	}{
		{"one broker", [][]acl.Binding{bindings}, bindings, nil},
		{"the same", [][]acl.Binding{bindings, slices.Clone(bindings)}, bindings, nil},
		{"one lacks one", [][]acl.Binding{bindings, bindings[1:], bindings}, bindings[1:], bindings[:1]},
		{"each lacks another", [][]acl.Binding{bindings[1:], bindings[:3]}, bindings[1:3], []acl.Binding{bindings[0], bindings[3]}},
		{"one has none", [][]acl.Binding{bindings, nil}, nil, bindings},
	} {
		all, late := everywhere(test.lists)
		if diff := cmp.Diff([][]acl.Binding{test.all, test.late}, [][]acl.Binding{all, late}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
