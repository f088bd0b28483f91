package record

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/itchyny/gojq"
	"github.com/twmb/franz-go/pkg/kgo"
)

// JQ is a jq program that filters or transforms records.
type JQ struct{ code *gojq.Code }

// ParseJQ compiles a jq program. Its input is each record as [AppendJSON] writes it; it cannot
// read files, modules or the environment. The error names the place of a syntax error, or the
// function or variable that does not exist.
//
// The results of the program decide: false, null or no result drops the record; true or the
// record itself (as from select) keeps it; any other results are shown instead of it, with the
// members of objects in alphabetical order. Of several results, false and null are left out.
func ParseJQ(expr string) (*JQ, error) {
	query, err := gojq.Parse(expr)
	if err != nil {
		if parse := new(gojq.ParseError); errors.As(err, &parse) {
			return nil, fmt.Errorf("jq at byte %d: %w", parse.Offset-len(parse.Token)+1, err)
		}
		return nil, fmt.Errorf("jq: %w", err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, fmt.Errorf("jq: %w", err)
	}
	return &JQ{code}, nil
}

// oneLineError returns err as one line without control characters: it may quote the record.
func oneLineError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("jq: %w", ctx.Err())
	}
	var line strings.Builder
	for _, r := range err.Error() {
		if unicode.IsControl(r) {
			line.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			line.WriteRune(r)
		}
	}
	return errors.New("jq: " + line.String())
}

// keep runs the program on r, and returns what [Filter.Keep] returns.
func (q *JQ) keep(ctx context.Context, r *kgo.Record) (keep bool, shown []byte, err error) {
	input, err := decodeJSON(AppendJSON(nil, r))
	if err != nil {
		return false, nil, fmt.Errorf("jq: read the record: %w", err)
	}
	results, transformed := []any{}, false
	iter := q.code.RunWithContext(ctx, input)
	for {
		result, ok := iter.Next()
		if !ok {
			break
		}
		if err, failed := result.(error); failed {
			return false, nil, oneLineError(ctx, err)
		}
		if result == nil || result == false {
			continue
		}
		results = append(results, result)
		transformed = transformed || result != true && gojq.Compare(result, input) != 0
	}
	if !transformed {
		return len(results) > 0, nil, nil
	}
	for _, result := range results {
		line, err := gojq.Marshal(result)
		if err != nil {
			return false, nil, fmt.Errorf("jq: write the result: %w", err)
		}
		shown = append(append(shown, line...), '\n')
	}
	return true, shown, nil
}
