package admin

import (
	"context"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// near asks the first of the brokers that the client was dialled with, which is known
// to speak. [Client.any] goes round all brokers of the cluster once it has heard of
// them, and a frozen one that is still listed held it for the whole of answerTimeout.
func (c *Client) near() prompt { return prompt{repeating{c.kgo.SeedBrokers()[0]}} }

// repeating is one broker; a connection that broke is tried again.
type repeating struct{ broker *kgo.Broker }

// Request asks it.
func (r repeating) Request(ctx context.Context, req kmsg.Request) (kmsg.Response, error) {
	return r.broker.RetriableRequest(ctx, req)
}
