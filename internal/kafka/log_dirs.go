package kafka

import (
	"context"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// logDirsOn asks a broker for its data directories and what they hold of topics, nil
// for everything.
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
