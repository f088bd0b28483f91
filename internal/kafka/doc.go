// Package kafka is below everything that asks brokers: how a cluster is reached, how a
// question is put to one broker or to several, and the forms that errors have.
//
// Read in this order:
//
//   - config.go: [Config] says where a cluster is, and security.go how its connections are
//     encrypted and who logs in ([Security]): every client of this program is set up with the
//     options of [Config.ClientOpts]. tls.go makes TLS of the stores; sasl.go has the logins,
//     oauth.go and token_server.go those with a token, aws.go those to Amazon MSK: aws_identity.go finds the
//     keys, of which aws_sts.go and aws_container.go ask for some.
//     address.go judges addresses before anything is dialled.
//     logins.go asks a listener which logins it has, once it refused one or closed on who has none.
//   - dialer.go, symptom.go, tls_symptom.go and certificate_fault.go: what a failed connection is called. Every client dials with
//     [InOwnWords], so that no message has Go's own text in it; local_fault.go tells a fault of
//     this machine from one of the network.
//   - client.go: [Dial] opens a [Client]; how long each step may take.
//   - requestor.go: who is asked: [Client.On] one broker, [Client.Any] whichever kgo
//     chooses, [Client.Seed] the one that is known to speak. All of them heed ctx, which
//     kgo alone does not.
//   - ask.go: [AskLive] and [AskEach] ask several brokers at the same time. A broker that
//     is frozen costs its own answer only.
//   - metadata.go, configs.go, quorum.go, list_offsets.go, log_bounds.go, log_dirs.go, fetch.go,
//     producers.go, transactions.go, acls.go, open_to_all.go: the requests that more than one package sends, each built and decoded in
//     one place.
//   - errors.go, not_found.go, denied.go: a broker's refusal is a [*BrokerError], so that
//     errors.Is with a kerr value works; one for want of an ACL is a [*DeniedError] around
//     it, which names what an administrator must grant.
//
// internal/admin, internal/groups and internal/record are written on top of it. Of this
// module it imports internal/properties, internal/keystore and internal/acl alone.
package kafka
