package records

import (
	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// filterFlags are the flags that filter records.
type filterFlags struct {
	keys, headers, types, eventIDs, where []string
	jq                                    string
}

func (f *filterFlags) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.keys, "key", nil, "only records with this key: text, int:42, long:42, uuid:…, base64:…")
	cmd.Flags().StringArrayVar(&f.headers, "header", nil, "only records with this header: KEY, or KEY=VALUE")
	cmd.Flags().StringArrayVar(&f.types, "type", nil, "only events of this eventType")
	cmd.Flags().StringArrayVar(&f.eventIDs, "event-id", nil, "only the event with this eventId")
	cmd.Flags().StringArrayVar(&f.where, "where", nil, "only JSON values in which this holds, as data.userId=42")
	cmd.Flags().StringVar(&f.jq, "jq", "", "a jq expression on the record: keeps it, drops it, or makes something else of it")
}

// filter returns the filter that the flags ask for. The error names the flag that is wrong.
func (f *filterFlags) filter() (*record.Filter, error) {
	s := &record.Filter{}
	for _, text := range f.keys {
		key, err := record.ParseKey(text)
		if err != nil {
			return nil, cli.Usagef("--key: %w", err)
		}
		s.Keys = append(s.Keys, string(key))
	}
	if len(f.types) > 0 {
		s.Events = append(s.Events, record.MatchType(f.types...))
	}
	if len(f.eventIDs) > 0 {
		s.Events = append(s.Events, record.MatchEventID(f.eventIDs...))
	}
	for _, text := range f.headers {
		match, err := record.ParseHeaderMatch(text)
		if err != nil {
			return nil, cli.Usagef("--header: %w", err)
		}
		s.Headers = append(s.Headers, match)
	}
	for _, text := range f.where {
		where, err := record.ParseWhere(text)
		if err != nil {
			return nil, cli.Usagef("--where: %w", err)
		}
		s.Where = append(s.Where, where)
	}
	if f.jq != "" {
		var err error
		if s.JQ, err = record.ParseJQ(f.jq); err != nil {
			return nil, cli.Usagef("--jq: %w", err)
		}
	}
	return s, nil
}
