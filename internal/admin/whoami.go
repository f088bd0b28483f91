package admin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// WhoAmI is who a client is to a cluster, and what it may do there.
type WhoAmI struct {
	ClusterID string
	// Broker is the one that was asked, with id, host and port alone; its ID is -1 where a proxy hides which
	// one it is. Listener is the broker's name of what the client is connected to, "" where it is not known.
	Broker   Broker
	Listener string

	Principal kafka.Principal
	// SettingsErr is why the broker's settings, by which a principal is sure, are not known.
	SettingsErr error

	// Authorizer reports whether the brokers have one: without, everybody may do everything. It is not known
	// where AuthorizerErr is not nil.
	Authorizer    bool
	AuthorizerErr error

	// Cluster lists the operations on the cluster, nil where ClusterErr says why they are not known.
	Cluster    []string
	ClusterErr error
	Topics     []kafka.Permitted // in the order of the question
}

// WhoAmI asks the broker that was dialled who a client with that security is, and what it may do with the cluster
// and the named topics.
func (c *Client) WhoAmI(ctx context.Context, security kafka.Security, topics []string) (WhoAmI, error) {
	req := kafka.MetadataRequest(append([]string{}, topics...))
	req.IncludeTopicAuthorizedOperations = true
	req.IncludeClusterAuthorizedOperations = true // before Kafka 2.8, which has DescribeCluster for it
	meta, err := req.RequestWith(ctx, c.kafka.Seed())
	if err != nil {
		return WhoAmI{}, fmt.Errorf("ask metadata: %w", err)
	}
	me := WhoAmI{Broker: c.dialled(meta), Topics: permittedTopics(meta, topics)}
	if meta.ClusterID != nil {
		me.ClusterID = *meta.ClusterID
	}
	var asking sync.WaitGroup
	asking.Go(func() {
		me.Cluster, me.ClusterErr = c.clusterOperations(ctx, meta)
		if me.Authorizer = kafka.Unauthorized(me.ClusterErr); !me.Authorizer { // who may ask for it
			me.Authorizer, me.AuthorizerErr = c.authorizer(ctx)
		}
	})
	asking.Go(func() {
		var settings configsAnswer
		if settings, me.Listener, me.SettingsErr = c.listenerSettings(ctx, meta, me.Broker); me.SettingsErr != nil {
			me.Principal = security.Principal(nil)
			return
		}
		me.Principal = security.Principal(settings.of(me.Listener, security.Mechanism()))
	})
	asking.Wait()
	return me, nil
}

// dialled returns the broker behind the address that was dialled: the one that advertises it, or the only one. Its ID
// is -1 where there are others, and none advertises that address.
func (c *Client) dialled(meta *kmsg.MetadataResponse) Broker {
	seeds, _ := c.kafka.Kgo.OptValue(kgo.SeedBrokers).([]string)
	for _, b := range meta.Brokers {
		found := listedBroker(b)
		if len(meta.Brokers) == 1 || len(seeds) > 0 && seeds[0] == found.Address() {
			return found
		}
	}
	return Broker{ID: -1}
}

func listedBroker(b kmsg.MetadataResponseBroker) Broker {
	return Broker{ID: int(b.NodeID), Host: b.Host, Port: int(b.Port)}
}

func permittedTopics(meta *kmsg.MetadataResponse, names []string) []kafka.Permitted {
	answers := make(map[string]kafka.Permitted, len(meta.Topics))
	for _, t := range meta.Topics {
		if t.Topic == nil {
			continue
		}
		one := kafka.Permitted{Name: *t.Topic, Err: kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil)}
		if one.Err == nil || errors.Is(one.Err, kerr.LeaderNotAvailable) {
			one.Operations, one.Err = kafka.Operations(t.AuthorizedOperations), nil
		}
		answers[one.Name] = one
	}
	permitted := make([]kafka.Permitted, len(names))
	for i, name := range names {
		answer, found := answers[name]
		if !found {
			answer = kafka.Permitted{Name: name, Err: topicLeftOut(name)}
		}
		permitted[i] = answer
	}
	return permitted
}

// authorizer reports whether the brokers have an authorizer. The question is for the bindings of nobody: only how it
// is refused matters. Brokers log a refusal for want of Describe on the cluster as an error of theirs, so it is for
// those who have that right.
func (c *Client) authorizer(ctx context.Context) (bool, error) {
	switch _, err := c.kafka.ACLs(ctx, c.kafka.Seed(), kafka.ACLFilter{Principal: "User:"}); {
	case kafka.NoAuthorizer(err):
		return false, nil
	case err == nil, errors.Is(err, kerr.ClusterAuthorizationFailed):
		return true, nil
	default:
		return false, err
	}
}

// clusterOperations returns what may be done with the cluster. A broker answers "none" to who may not describe it,
// which says nothing about the other operations.
func (c *Client) clusterOperations(ctx context.Context, meta *kmsg.MetadataResponse) ([]string, error) {
	operations := kafka.Operations(meta.AuthorizedOperations)
	if operations == nil {
		var err error
		if operations, err = c.kafka.ClusterOperations(ctx, c.kafka.Seed()); err != nil {
			return nil, kafka.Wrap("describe the cluster", err)
		}
	}
	if len(operations) == 0 {
		return nil, kafka.CodeError(kmsg.DescribeCluster, "", kerr.ClusterAuthorizationFailed.Code, nil)
	}
	return operations, nil
}

// listenerSettings returns the settings of a broker, with the name of the listener that the client is connected to.
// Only a broker itself tells its own. Behind a proxy another one is asked: the listener has the same name on all.
func (c *Client) listenerSettings(ctx context.Context, meta *kmsg.MetadataResponse, dialled Broker) (configsAnswer, string, error) {
	at, to := dialled, c.kafka.Seed()
	if at.ID < 0 {
		if len(meta.Brokers) == 0 {
			return configsAnswer{}, "", &kafka.UnansweredError{What: kafka.NoBroker}
		}
		at = listedBroker(kafka.SortedBrokers(meta)[0])
		to = c.kafka.On(int32(at.ID))
	}
	name := fmt.Sprint(at.ID)
	answers, err := describeConfigs(ctx, to, kmsg.ConfigResourceTypeBroker, []string{name})
	if err == nil {
		err = answers[name].err
	}
	if err != nil {
		return configsAnswer{}, "", err
	}
	return answers[name], listenerAt(answers[name].value("advertised.listeners"), at), nil
}

// listenerAt returns the name of the listener that is advertised at the address of b, "" for none.
func listenerAt(advertised string, b Broker) string {
	for entry := range strings.SplitSeq(advertised, ",") {
		name, addr, _ := strings.Cut(strings.TrimSpace(entry), "://")
		if strings.EqualFold(addr, b.Address()) {
			return name
		}
	}
	return ""
}

// of returns the settings as one listener has them, and one mechanism there: listener.name.LISTENER.MECHANISM.KEY
// wins over listener.name.LISTENER.KEY, and that over KEY.
func (d configsAnswer) of(listener, mechanism string) func(key string) string {
	prefix := "listener.name." + strings.ToLower(listener) + "."
	return func(key string) string {
		for _, name := range []string{prefix + strings.ToLower(mechanism) + "." + key, prefix + key} {
			if value := d.value(name); value != "" && listener != "" {
				return value
			}
		}
		return d.value(key)
	}
}
