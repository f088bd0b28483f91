package acl

import "strings"

// Has reports whether a thing of the name, and of the type of r, is among what r is about.
func (r Resource) Has(name string) bool {
	if r.Pattern == Prefixed {
		return strings.HasPrefix(name, r.Name)
	}
	return r.Name == name || r.Name == Any
}

// Covers reports whether everything that o is about is among what r is about.
func (r Resource) Covers(o Resource) bool {
	switch {
	case r.Type != o.Type:
		return false
	case r.Pattern != Prefixed && r.Name == Any:
		return true
	case o.Pattern == Prefixed:
		return r.Pattern == Prefixed && strings.HasPrefix(o.Name, r.Name)
	default:
		return o.Name != Any && r.Has(o.Name)
	}
}

// Overlaps reports whether there may be a thing that both are about. Of two that overlap, one covers the other.
func (r Resource) Overlaps(o Resource) bool { return r.Covers(o) || o.Covers(r) }

// Covers reports whether b, which allows, permits all that o permits.
func (b Binding) Covers(o Binding) bool {
	return b.Permission == Allow && o.Permission == Allow && isOrAll(b.Principal, o.Principal, everyUser) && isOrAll(b.Host, o.Host, Any) &&
		b.Resource.Covers(o.Resource) && b.Operation.decides(o.Operation, Allow)
}

// Defeats reports whether b denies some of what o permits. READ and WRITE permit DESCRIBE, too, without which clients
// cannot work: who denies DESCRIBE defeats them.
func (b Binding) Defeats(o Binding) bool {
	if b.Permission != Deny || o.Permission != Allow || !b.Overlaps(o.Resource) {
		return false
	}
	if !isOrAll(b.Principal, o.Principal, everyUser) && o.Principal != everyUser || !isOrAll(b.Host, o.Host, Any) && o.Host != Any {
		return false
	}
	for _, given := range o.Operation.Gives(o.Type) {
		if b.Operation.decides(given, Deny) {
			return true
		}
	}
	return false
}

func isOrAll(own, other, all string) bool { return own == other || own == all }
