package groups

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// errNoCoordinator says that no broker judges a group yet.
var errNoCoordinator = errors.New("no broker coordinates it: no group of the cluster has committed yet, or its coordinator is moving")

// Permitted returns what the client may do with the named groups, in the order of names. They need not exist.
// It looks for no coordinator, since that would make the topic __consumer_offsets: every live broker is asked.
func (c *Client) Permitted(ctx context.Context, names []string) ([]kafka.Permitted, error) {
	answers, err := kafka.AskLive(ctx, c.kafka, func(ctx context.Context, id int32) ([]kafka.Permitted, error) {
		return c.permittedOn(ctx, id, names)
	})
	if err != nil {
		return nil, err
	}
	judged, silent := make(map[string]kafka.Permitted), errNoCoordinator
	for _, at := range answers {
		if at.Err != nil {
			silent = fmt.Errorf("%s: %w", at.Name, at.Err)
		}
		for _, one := range at.Value {
			judged[one.Name] = one
		}
	}
	permitted := make([]kafka.Permitted, len(names))
	for i, name := range names {
		one, found := judged[name]
		if !found {
			one = kafka.Permitted{Name: name, Err: silent}
		}
		permitted[i] = one
	}
	return permitted, nil
}

// permittedOn returns what broker id judges: the groups that it coordinates, and all that may not be seen.
func (c *Client) permittedOn(ctx context.Context, id int32, names []string) ([]kafka.Permitted, error) {
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups, req.IncludeAuthorizedOperations = names, true
	answer, err := c.kafka.On(id).Request(ctx, absentToo{req})
	if err != nil {
		return nil, fmt.Errorf("describe groups: %w", err)
	}
	resp, _ := answer.(*kmsg.DescribeGroupsResponse)
	var judged []kafka.Permitted
	for _, g := range resp.Groups {
		err := kafka.CodeError(kmsg.DescribeGroups, g.Group, g.ErrorCode, g.ErrorMessage)
		if kafka.NotCoordinating(err) {
			continue
		}
		one := kafka.Permitted{Name: g.Group, Err: err}
		if err == nil || errors.Is(err, kerr.GroupIDNotFound) {
			one.Operations, one.Err = kafka.Operations(g.AuthorizedOperations), nil
		}
		judged = append(judged, one)
	}
	return judged, nil
}

// absentToo is DescribeGroups in a version that tells the operations on a group that does not exist, or is none of
// the classic protocol. Later ones have an error in place of that.
type absentToo struct{ *kmsg.DescribeGroupsRequest }

// MaxVersion is the last version with an answer for such groups.
func (absentToo) MaxVersion() int16 { return 5 }
