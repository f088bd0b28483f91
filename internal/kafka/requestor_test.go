package kafka

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// requestor answers every request with an error.
type requestor struct{ err error }

func (r requestor) Request(context.Context, kmsg.Request) (kmsg.Response, error) { return nil, r.err }

// A connection that was closed is said in words; where kgo knows more of it, in kgo's.
func TestClosedConnectionIsTold(t *testing.T) {
	t.Parallel()
	first := &kgo.ErrFirstReadEOF{}
	for _, test := range []struct {
		err  error
		want string
	}{
		{io.EOF, "the broker closed the connection"},
		{first, first.Error()},
		{io.ErrUnexpectedEOF, io.ErrUnexpectedEOF.Error()},
		{context.DeadlineExceeded, context.DeadlineExceeded.Error()},
	} {
		_, err := ctxRequestor{requestor{test.err}}.Request(t.Context(), kmsg.NewPtrMetadataRequest())
		if err.Error() != test.want || !errors.Is(err, test.err) {
			t.Errorf("%v: told %q, want %q", test.err, err, test.want)
		}
	}
}
