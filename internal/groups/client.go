package groups

import "kafkactl/internal/kafka"

// Client asks one cluster about its consumer groups. It is safe for concurrent use.
type Client struct{ kafka *kafka.Client }

// New returns a client that asks over c, which stays the caller's to close.
func New(c *kafka.Client) *Client { return &Client{kafka: c} }
