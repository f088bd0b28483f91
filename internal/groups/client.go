package groups

import (
	"context"

	"kafkactl/internal/kafka"
)

// Client asks one cluster about its consumer groups. It is safe for concurrent use.
type Client struct{ kafka *kafka.Client }

// New returns a client that asks over c, which stays the caller's to close.
func New(c *kafka.Client) *Client { return &Client{kafka: c} }

// HidesTopics is [kafka.Client.HidesTopics].
func (c *Client) HidesTopics(ctx context.Context) (bool, error) { return c.kafka.HidesTopics(ctx) }

// HidesGroups is [kafka.Client.HidesGroups].
func (c *Client) HidesGroups(ctx context.Context) (bool, error) { return c.kafka.HidesGroups(ctx) }
