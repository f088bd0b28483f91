package accessadmin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Validate says what is known before the first write: see [admin.AccessKeeper]. Brokers validate quotas alone; the rules for
// ACLs and credentials are theirs, and are judged here.
func (k *Keeper) Validate(ctx context.Context, changes []topicspec.Change) []error {
	answers := make([]error, len(changes))
	allowed, err := k.rights(ctx)
	if err != nil {
		return failed(len(changes), err)
	}
	byZooKeeper := slices.ContainsFunc(changes, hasSlash) && k.zooKeeper(ctx)
	var limits []int
	for i, c := range changes {
		answers[i] = allowed.permit(c)
		switch {
		case answers[i] != nil:
		case c.Kind == topicspec.KindQuota:
			if answers[i] = checkQuota(c); answers[i] == nil {
				limits = append(limits, i)
			}
		case c.Kind == topicspec.KindUser:
			answers[i] = k.checkUser(c)
		default:
			answers[i] = checkBinding(c, byZooKeeper)
		}
	}
	for at, err := range k.deliver(ctx, topicspec.At(changes, limits), k.quotaSender(true)) {
		answers[limits[at]] = err
	}
	return answers
}

// rights are the operations on the cluster that kafkactl may do; nil where the brokers do not tell.
type rights []string

// rights asks for what kafkactl may do, until a broker answers or ctx ends.
func (k *Keeper) rights(ctx context.Context) (found rights, err error) {
	err = admin.Repeat{
		Ask: func(ctx context.Context, _ []int) []error {
			var err error
			found, err = k.rightsNow(ctx)
			return []error{err}
		},
		Passes: mayHeal,
		Waits:  func(_ int, err error) { k.report(err.Error()) },
	}.Until(ctx, 1)[0]
	return found, err
}

// rightsNow asks once. Brokers before 2.8 cannot tell, and others do not tell who may not describe the cluster.
func (k *Keeper) rightsNow(ctx context.Context) (rights, error) {
	live, err := k.live(ctx)
	if err != nil {
		return nil, err
	}
	operations, err := askOne(ctx, k, live, k.client.ClusterOperations)
	if kafka.NotOffered(err) || err == nil && len(operations) == 0 {
		return nil, nil
	}
	return operations, err
}

func (r rights) has(operation acl.Operation) bool {
	return r == nil || slices.Contains(r, string(operation))
}

// permit returns a [*kafka.DeniedError] for a change that kafkactl may not make.
func (r rights) permit(c topicspec.Change) error {
	request, needs := kmsg.CreateACLs, acl.Alter
	switch {
	case c.Kind == topicspec.KindQuota:
		request, needs = kmsg.AlterClientQuotas, acl.AlterConfigs
	case c.Kind == topicspec.KindUser:
		request = kmsg.AlterUserSCRAMCredentials
	}
	if r.has(needs) {
		return nil
	}
	return kafka.CodeError(request, "", kerr.ClusterAuthorizationFailed.Code, nil)
}

// zooKeeper reports whether the brokers keep ACLs in ZooKeeper. When that could not be asked, they do not.
func (k *Keeper) zooKeeper(ctx context.Context) bool {
	_, err := k.client.Quorum(ctx)
	return kafka.NotOffered(err)
}

func hasSlash(c topicspec.Change) bool {
	return c.Kind == topicspec.KindACL && c.Access.Binding != nil && strings.Contains(c.Access.Binding.Name, "/")
}

// checkBinding judges an ACL that is to be added; whatever is there can be removed.
func checkBinding(c topicspec.Change, byZooKeeper bool) error {
	if c.Action == topicspec.Delete {
		return nil
	}
	if err := acl.Check(*c.Access.Binding); err != nil {
		return err
	}
	if byZooKeeper {
		return acl.CheckZooKeeper(*c.Access.Binding)
	}
	return nil
}

// checkQuota judges what brokers with ZooKeeper do not look at before they write it.
func checkQuota(c topicspec.Change) error {
	if value, err := quotaValue(c); err != nil || c.After == nil || value > 0 {
		return err
	}
	return fmt.Errorf("quota %s is %s: it is a number above 0", c.Field, c.After)
}

// checkUser judges a credential, by the rules of ScramControlManager and ZkAdminManager.
func (k *Keeper) checkUser(c topicspec.Change) error {
	if c.Action == topicspec.Delete {
		return nil
	}
	if _, known := mechanisms()[c.Field]; !known {
		return fmt.Errorf("brokers keep no credentials of the mechanism %s", c.Field)
	}
	iterations, _ := c.After.(topicspec.Count)
	if iterations < leastIterations || iterations > mostIterations {
		return fmt.Errorf("%d iterations: brokers take %d to %d", iterations, leastIterations, mostIterations)
	}
	return k.checkPassword(c)
}

// checkPassword refuses to give a user that is there another password only because the file of the one it has is not here.
func (k *Keeper) checkPassword(c topicspec.Change) error {
	source, err := k.sourceOf(c)
	if err != nil {
		return err
	}
	password, err := k.secrets.Password(c.Access.UserName(), source)
	if err == nil && !password.IsSet() && c.Action == topicspec.Set {
		err = &PasswordError{User: c.Access.UserName(), Source: source, Text: lostPassword(c.Access.UserName(), c.Field, source)}
	}
	return err
}
