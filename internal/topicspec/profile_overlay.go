package topicspec

import (
	"maps"
	"reflect"
)

// accessUnder returns access with a profile laid over it, key by key. An unknown profile changes nothing.
func (s *Spec) accessUnder(profile string) Access {
	access := s.Policy
	over := s.Profiles[profile].Access
	s.overlay(reflect.ValueOf(&access).Elem(), reflect.ValueOf(over), path{"profiles", profile, "access"})
	return access
}

// serviceUnder returns a service with a profile laid over it, key by key.
func (s *Spec) serviceUnder(profile, name string) Service {
	service := s.Services[name]
	if over, varied := s.Profiles[profile].Services[name]; varied {
		s.overlay(reflect.ValueOf(&service).Elem(), reflect.ValueOf(over), path{"profiles", profile, "services", name})
	}
	return service
}

// overlay writes those fields of over into base, a struct of the same type, that the file has at p.
func (s *Spec) overlay(base, over reflect.Value, p path) {
	for name, i := range fieldNames(base.Type()) {
		if at := p.to(name); s.has(at) {
			base.Field(i).Set(s.laidOver(base.Field(i), over.Field(i), at))
		}
	}
}

// laidOver returns base with over, which the file has at p, laid over it. Mappings are folded key by key; all else,
// null for a mapping too, takes the place of base. base keeps its value: profiles share it.
func (s *Spec) laidOver(base, over reflect.Value, p path) reflect.Value {
	switch t := base.Type(); {
	case t.Kind() == reflect.Pointer && isMapping(t.Elem()) && !base.IsNil() && !over.IsNil():
		folded := reflect.New(t.Elem())
		folded.Elem().Set(base.Elem())
		s.overlay(folded.Elem(), over.Elem(), p)
		return folded
	case t == reflect.TypeFor[map[string]Connector]():
		return reflect.ValueOf(s.connectorsOver(base.Interface().(map[string]Connector), over.Interface().(map[string]Connector), p))
	default:
		return over
	}
}

func (s *Spec) connectorsOver(base, over map[string]Connector, p path) map[string]Connector {
	all := maps.Clone(base)
	if all == nil {
		all = make(map[string]Connector, len(over))
	}
	for name, one := range over {
		folded := all[name]
		s.overlay(reflect.ValueOf(&folded).Elem(), reflect.ValueOf(one), p.to(name))
		all[name] = folded
	}
	return all
}

// isMapping reports whether the file has a mapping of named fields for t.
func isMapping(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[Setting]()
}
