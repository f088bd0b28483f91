package clitest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Trial is what a service tries at a broker: each thing once, as a client does it, with all topics and groups.
type Trial struct {
	Node   int32
	Addr   string
	Topics []kmsg.MetadataResponseTopic // as a super user sees them
	Groups []string
	// TransactionalIDs are tried too, and what admins do.
	TransactionalIDs []string
}

// Allowed returns what the broker let the service do, sorted: "write TOPIC", "read TOPIC", "show TOPIC", "join GROUP",
// "transact ID", "create", "list acls". The error is of whatever is neither done nor refused for want of a right.
func (tr Trial) Allowed(ctx context.Context, login ...kgo.Opt) ([]string, error) {
	var allowed []string
	err := AskSingle(ctx, tr.Addr, func(ctx context.Context, at *kgo.Broker) error {
		var errs []error
		for _, try := range []func(context.Context, kmsg.Requestor) (map[string]error, error){
			tr.show, tr.write, tr.read, tr.join, tr.transact, tr.administer,
		} {
			answers, err := try(ctx, at)
			errs = append(errs, err)
			for what, err := range answers {
				switch {
				case err == nil:
					allowed = append(allowed, what)
				case !isDenial(err):
					errs = append(errs, fmt.Errorf("%s: %w", what, err))
				}
			}
		}
		return errors.Join(errs...)
	}, login...)
	slices.Sort(allowed)
	return allowed, err
}

func isDenial(err error) bool {
	return errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.GroupAuthorizationFailed) ||
		errors.Is(err, kerr.TransactionalIDAuthorizationFailed) || errors.Is(err, kerr.ClusterAuthorizationFailed)
}

func (tr Trial) show(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	var names []string
	for _, topic := range tr.Topics {
		names = append(names, *topic.Topic)
	}
	resp, err := Metadata(ctx, at, names...)
	if err != nil {
		return nil, err
	}
	answers := make(map[string]error)
	for _, topic := range resp.Topics {
		answers["show "+*topic.Topic] = kerr.ErrorForCode(topic.ErrorCode)
	}
	return answers, nil
}

// led are the partitions that the broker leads.
func (tr Trial) led() (to Partitions, names map[[16]byte]string, err error) {
	to = ledBy(tr.Node, tr.Topics)
	if len(to) < len(tr.Topics) {
		return nil, nil, fmt.Errorf("broker %d leads partitions of only %d of %d topics", tr.Node, len(to), len(tr.Topics))
	}
	names = make(map[[16]byte]string) // newer brokers answer by id alone
	for name, topic := range to {
		names[topic.Id] = name
	}
	return to, names, nil
}

func (tr Trial) write(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	to, names, err := tr.led()
	if err != nil {
		return nil, err
	}
	req, _ := Producer{-1, -1}.request(to) // not idempotent
	resp, err := req.RequestWith(ctx, at)
	if err != nil {
		return nil, err
	}
	answers := make(map[string]error)
	for _, topic := range resp.Topics {
		for _, partition := range topic.Partitions {
			what := "write " + cmp.Or(topic.Topic, names[topic.TopicID])
			answers[what] = errors.Join(answers[what], kerr.ErrorForCode(partition.ErrorCode))
		}
	}
	return answers, nil
}

func (tr Trial) read(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	to, names, err := tr.led()
	if err != nil {
		return nil, err
	}
	req := kmsg.NewPtrFetchRequest()
	req.MaxBytes, req.SessionEpoch = 1<<20, -1
	for _, name := range slices.Sorted(maps.Keys(to)) {
		topic := kmsg.NewFetchRequestTopic()
		topic.Topic, topic.TopicID = name, to[name].Id
		for _, number := range to[name].Numbers {
			partition := kmsg.NewFetchRequestTopicPartition()
			partition.Partition, partition.PartitionMaxBytes = number, 1<<10
			topic.Partitions = append(topic.Partitions, partition)
		}
		req.Topics = append(req.Topics, topic)
	}
	resp, err := req.RequestWith(ctx, at)
	if err == nil {
		err = kerr.ErrorForCode(resp.ErrorCode)
	}
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	answers := make(map[string]error)
	for _, topic := range resp.Topics {
		for _, partition := range topic.Partitions {
			what := "read " + cmp.Or(topic.Topic, names[topic.TopicID])
			answers[what] = errors.Join(answers[what], kerr.ErrorForCode(partition.ErrorCode))
		}
	}
	return answers, nil
}

// join asks for what members of a group do. It is no member, and most brokers are not the group's coordinator: they say so
// to whom they let.
func (tr Trial) join(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	answers := make(map[string]error)
	for _, group := range tr.Groups {
		req := kmsg.NewPtrHeartbeatRequest()
		req.Group, req.Generation, req.MemberID = group, 1, "nobody"
		resp, err := req.RequestWith(ctx, at)
		if err != nil {
			return nil, err
		}
		answers["join "+group] = onlyDenial(resp.ErrorCode)
	}
	return answers, nil
}

// onlyDenial returns the error of a code that is a refusal for want of a right.
func onlyDenial(code int16) error {
	if err := kerr.ErrorForCode(code); isDenial(err) {
		return err
	}
	return nil
}

func (tr Trial) transact(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	answers := make(map[string]error)
	for _, id := range tr.TransactionalIDs {
		req := kmsg.NewPtrInitProducerIDRequest()
		req.TransactionalID, req.TransactionTimeoutMillis = &id, 10_000
		resp, err := req.RequestWith(ctx, at)
		if err != nil {
			return nil, err
		}
		answers["transact "+id] = onlyDenial(resp.ErrorCode)
	}
	return answers, nil
}

func (tr Trial) administer(ctx context.Context, at kmsg.Requestor) (map[string]error, error) {
	_, created := Create(ctx, at, Creation(1, true, "new."+*tr.Topics[0].Topic))
	req := kmsg.NewPtrDescribeACLsRequest()
	req.ResourceType, req.ResourcePatternType = kmsg.ACLResourceTypeAny, kmsg.ACLResourcePatternTypeAny
	req.Operation, req.PermissionType = kmsg.ACLOperationAny, kmsg.ACLPermissionTypeAny
	resp, err := req.RequestWith(ctx, at)
	if err != nil {
		return nil, err
	}
	return map[string]error{"create": created, "list acls": kerr.ErrorForCode(resp.ErrorCode)}, nil
}
