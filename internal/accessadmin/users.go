package accessadmin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/access"
	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

const userPrefix = "User:"

// mechanisms are Kafka's codes of them (KIP-554).
func mechanisms() map[string]int8 {
	return map[string]int8{properties.ScramSHA256: 1, properties.ScramSHA512: 2}
}

func mechanismOf(code int8) string {
	for name, known := range mechanisms() {
		if known == code {
			return name
		}
	}
	return fmt.Sprintf("UNKNOWN(%d)", code)
}

// userName returns the name that credentials and quotas of a principal have, "" for one that is no user.
func userName(principal string) string {
	if name, isUser := strings.CutPrefix(principal, userPrefix); isUser {
		return name
	}
	return ""
}

// userNames lists the users of services that fit, sorted.
func (k *Keeper) userNames(fits func(topicspec.DesiredService) bool) []string {
	var names []string
	for _, s := range k.desired.Services {
		if name := userName(s.Principal); name != "" && fits(s) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// observeUsers fills in the SCRAM credentials of declared users, and whether their passwords are the wanted ones.
func (k *Keeper) observeUsers(ctx context.Context, seen *Observation, passwords map[string]wanted) error {
	names := k.userNames(func(s topicspec.DesiredService) bool { return s.Scram != nil || s.Absent })
	if len(names) == 0 {
		return nil
	}
	users, err := k.users(ctx, seen.live, names)
	if err != nil {
		return err
	}
	k.tryPasswords(ctx, seen.live, users, passwords)
	seen.Users = users
	return nil
}

// users asks for the credentials of users, all of them for nil.
func (k *Keeper) users(ctx context.Context, live []broker, names []string) (credentials, error) {
	return askOne(ctx, k, live, func(ctx context.Context, of kmsg.Requestor) (credentials, error) {
		return describeUsers(ctx, of, names)
	})
}

// credentials are SCRAM credentials by user and by mechanism.
type credentials map[string]map[string]access.Credential

// describeUsers asks a broker for the credentials of users, all of them for nil. One that has none is not in the answer.
func describeUsers(ctx context.Context, of kmsg.Requestor, names []string) (credentials, error) {
	req := kmsg.NewPtrDescribeUserSCRAMCredentialsRequest()
	for _, name := range names {
		user := kmsg.NewDescribeUserSCRAMCredentialsRequestUser()
		user.Name = name
		req.Users = append(req.Users, user)
	}
	resp, err := req.RequestWith(ctx, of)
	if err == nil {
		err = kafka.CodeError(kmsg.DescribeUserSCRAMCredentials, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, kafka.Wrap("describe users", err)
	}
	users := make(credentials)
	for _, r := range resp.Results {
		err := kafka.CodeError(kmsg.DescribeUserSCRAMCredentials, "", r.ErrorCode, r.ErrorMessage)
		if errors.Is(err, kerr.ResourceNotFound) {
			continue
		}
		if err != nil {
			return nil, kafka.Wrap(fmt.Sprintf("describe user %q", r.User), err)
		}
		users[r.User] = make(map[string]access.Credential)
		for _, info := range r.CredentialInfos {
			users[r.User][mechanismOf(info.Mechanism)] = access.Credential{Iterations: int(info.Iterations)}
		}
	}
	return users, nil
}
