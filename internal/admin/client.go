package admin

import "kafkactl/internal/kafka"

// Client asks one cluster about its topics and brokers, and changes topics. It is safe for
// concurrent use.
type Client struct {
	kafka *kafka.Client

	tell func(what string) // see Telling
}

// New returns a client that asks over c, which stays the caller's to close.
func New(c *kafka.Client) *Client { return &Client{kafka: c} }

// Telling is the same client, whose changes say what they wait for: while Apply asks
// again and while Settle and SettleGone look again, tell is called with it, often and
// from one goroutine at a time.
func (c *Client) Telling(tell func(what string)) *Client {
	telling := *c
	telling.tell = tell
	return &telling
}

// waits tells of err, which is why a change is not done yet.
func (c *Client) waits(err error) {
	if c.tell != nil {
		c.tell(err.Error())
	}
}
