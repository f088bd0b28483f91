package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// LogDirs asks the broker with the id for its data directories and what they hold of topics, nil
// for everything. A directory that the broker cannot use has an error code of its own.
func (c *Client) LogDirs(ctx context.Context, id int32, topics []kmsg.DescribeLogDirsRequestTopic) ([]kmsg.DescribeLogDirsResponseDir, error) {
	req := kmsg.NewPtrDescribeLogDirsRequest()
	req.Topics = topics
	resp, err := req.RequestWith(ctx, c.On(id))
	if err == nil {
		err = CodeError(kmsg.DescribeLogDirs, "", resp.ErrorCode, nil)
	}
	if err != nil {
		return nil, Wrap("describe log directories", err)
	}
	return resp.Dirs, nil
}
