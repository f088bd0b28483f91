package accessadmin

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// rules is what one broker goes by.
type rules struct {
	bindings  []acl.Binding
	none      bool // there is no authorizer
	openToAll bool // allow.everyone.if.no.acl.found is set
}

// observeBindings fills in the ACLs that every live broker shows, and those that only some do. A broker that cannot be
// asked is a note; a refusal of one is an error.
func (k *Keeper) observeBindings(ctx context.Context, seen *Observation) error {
	var shown []rules
	var notes []string
	var last error
	for _, at := range askAll(ctx, seen.live, k.rules) {
		switch {
		case isRefusal(at.Err):
			return at.Err
		case at.Err != nil:
			last = at.Err
			notes = append(notes, fmt.Sprintf("%v: what it shows is not known", at.Err))
		case len(shown) > 0 && at.Value.none != shown[0].none:
			return fmt.Errorf("%s: only some of the brokers have an authorizer: set authorizer.class.name on all of them, or on none", at.Name)
		default:
			shown = append(shown, at.Value)
		}
	}
	if len(shown) == 0 {
		return last
	}
	seen.Notes, seen.NoAuthorizer = append(seen.Notes, notes...), shown[0].none
	lists := make([][]acl.Binding, len(shown))
	for i, r := range shown {
		lists[i], seen.OpenToAll = r.bindings, seen.OpenToAll || r.openToAll
	}
	seen.Bindings, seen.Late = everywhere(lists)
	return nil
}

// rules asks one broker what it goes by. Where its settings may not be read, openToAll is not known, and false.
func (k *Keeper) rules(ctx context.Context, id int32) (rules, error) {
	var r rules
	var asking sync.WaitGroup
	asking.Go(func() { r.openToAll = k.openToAll(ctx, id) })
	bindings, err := k.client.ACLs(ctx, k.client.On(id), kafka.ACLFilter{})
	asking.Wait()
	r.bindings, r.none = bindings, kafka.NoAuthorizer(err)
	if r.none {
		return rules{none: true}, nil
	}
	return r, err
}

// openToAll reports whether a broker has allow.everyone.if.no.acl.found. Brokers hide its value, and do not show it at
// all when nobody has set it.
func (k *Keeper) openToAll(ctx context.Context, id int32) bool {
	const setting = "allow.everyone.if.no.acl.found"
	resp, err := kafka.ConfigsRequest(kmsg.ConfigResourceTypeBroker, []string{fmt.Sprint(id)}, setting).RequestWith(ctx, k.client.On(id))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(resp.Resources, func(r kmsg.DescribeConfigsResponseResource) bool {
		return slices.ContainsFunc(r.Configs, func(c kmsg.DescribeConfigsResponseResourceConfig) bool { return c.Name == setting })
	})
}

// everywhere returns the bindings that are in all lists, and those that are in some. Each list is in the order of
// [acl.Compare], without duplicates, and so are these.
func everywhere(lists [][]acl.Binding) (all, late []acl.Binding) {
	equal := !slices.ContainsFunc(lists, func(list []acl.Binding) bool { return !slices.Equal(list, lists[0]) })
	if equal {
		return lists[0], nil
	}
	lacking := make(map[acl.Binding]int)
	for _, list := range lists {
		for _, b := range list {
			lacking[b]++
		}
	}
	for b, shown := range lacking {
		if shown == len(lists) {
			all = append(all, b)
		} else {
			late = append(late, b)
		}
	}
	slices.SortFunc(all, acl.Compare)
	slices.SortFunc(late, acl.Compare)
	return all, late
}

// bindingsOf returns the ACLs of changes, in their order.
func bindingsOf(changes []topicspec.Change) []acl.Binding {
	bindings := make([]acl.Binding, len(changes))
	for i, c := range changes {
		bindings[i] = *c.Access.Binding
	}
	return bindings
}
