package topicspec

import "encoding/json"

// MarshalJSON returns the value as a string, null for a setting that must not be there.
func (s Setting) MarshalJSON() ([]byte, error) {
	if s.Unset {
		return []byte("null"), nil
	}
	return json.Marshal(s.Value)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Setting) UnmarshalJSON(data []byte) error {
	*s = Setting{Unset: string(data) == "null"}
	if s.Unset {
		return nil
	}
	return json.Unmarshal(data, &s.Value)
}
