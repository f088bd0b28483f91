package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/properties"
)

// hiddenProbe is the name of a topic and of a group that nobody has. Brokers judge a name before they
// look whether it exists: who may not describe this one does not see whatever has no grant of its own.
const hiddenProbe = "kafkactl.anything-without-a-grant"

// HidesTopics reports whether the brokers leave topics that the client may not describe out of their
// lists, where there are any: without a grant, a topic is absent and not an error. It is false without
// an authorizer, for a super user and with Describe on all topics. What it cannot know is a grant that
// a deny makes smaller.
func (c *Client) HidesTopics(ctx context.Context) (bool, error) {
	meta, err := c.Metadata(ctx, c.Seed(), []string{hiddenProbe})
	if err != nil {
		return false, fmt.Errorf("ask whether topics are hidden: %w", err)
	}
	return len(meta.Topics) > 0 && meta.Topics[0].ErrorCode == kerr.TopicAuthorizationFailed.Code, nil
}

// HidesGroups is [Client.HidesTopics] for consumer groups. Describe on the cluster shows all of them, too.
func (c *Client) HidesGroups(ctx context.Context) (bool, error) {
	req := kmsg.NewPtrDescribeGroupsRequest()
	req.Groups = []string{hiddenProbe}
	resp, err := req.RequestWith(ctx, c.Seed())
	if err != nil {
		return false, fmt.Errorf("ask whether groups are hidden: %w", err)
	}
	if len(resp.Groups) == 0 || resp.Groups[0].ErrorCode != kerr.GroupAuthorizationFailed.Code {
		return false, nil
	}
	describes, err := c.describesCluster(ctx)
	return !describes, err
}

// describesCluster reports whether the client may describe the cluster (KIP-430). Brokers before 2.8,
// which do not tell, count as if it may not.
func (c *Client) describesCluster(ctx context.Context) (bool, error) {
	operations, err := c.ClusterOperations(ctx, c.Seed())
	switch {
	case err != nil && ctx.Err() == nil && !RefusedSASL(err) && !errors.As(err, new(*ConnectionError)):
		return false, nil // the broker refuses the request, or does not know it
	case err != nil:
		return false, fmt.Errorf("ask whether groups are hidden: %w", err)
	}
	return slices.Contains(operations, kmsg.ACLOperationDescribe.String()), nil
}

// AskHidden asks one of the questions above beside what is asked meanwhile. The function that it
// returns waits for the answer: who may not see all there may be, for messages; "" where all is there. A client
// that does not log in asks only where the list is empty: its lists are whole nearly always, and cost
// one request.
func (c Config) AskHidden(ctx context.Context, ask func(context.Context) (bool, error)) func(empty bool) (viewer string, err error) {
	judge := func() (string, error) {
		if hides, err := ask(ctx); err != nil || !hides {
			return "", err
		}
		return c.Security.viewer(), nil
	}
	if !c.Security.logsIn() {
		return func(empty bool) (string, error) {
			if !empty {
				return "", nil
			}
			return judge()
		}
	}
	type answer struct {
		viewer string
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		viewer, err := judge()
		answers <- answer{viewer, err}
	}()
	return func(bool) (string, error) {
		got := <-answers
		return got.viewer, got.err
	}
}

// logsIn reports whether the client proves who it is.
func (s Security) logsIn() bool { return s.mechanism != nil || s.hasCertificate() }

func (s Security) hasCertificate() bool { return s.tls != nil && s.tls.GetClientCertificate != nil }

// viewer returns who the client is in "none that … may see", as far as that is certain: brokers make
// a principal of a certificate or a token by rules of their own.
func (s Security) viewer() string {
	switch {
	case s.Mechanism() == properties.OAuthBearer, s.isToken:
		return "the owner of this token"
	case s.mechanism != nil && s.user != "":
		return "User:" + Printable(s.user)
	case s.mechanism != nil:
		return "this login"
	case s.hasCertificate():
		return "the holder of the client certificate"
	default:
		return anonymous
	}
}
