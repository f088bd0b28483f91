package admin

import (
	"context"

	"kafkactl/internal/topicspec"
)

// Reassigning returns the partitions that somebody is reassigning, of those that are asked for, by topic. The error
// is that it could not be asked.
func (c *Client) Reassigning(ctx context.Context, partitions map[string][]int32) (map[string]map[int]topicspec.Move, error) {
	moving, err := c.reassignments(ctx, partitions)
	if err != nil {
		return nil, err
	}
	found := make(map[string]map[int]topicspec.Move, len(moving))
	for name, of := range moving {
		found[name] = make(map[int]topicspec.Move, len(of))
		for p, r := range of {
			found[name][p] = topicspec.Move{Adding: r.adding, Removing: r.removing}
		}
	}
	return found, nil
}
