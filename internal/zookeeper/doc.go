// Package zookeeper asks ZooKeeper the little that a Kafka tool has to know: whether a server
// serves, and what Kafka has registered.
//
// The four-letter word srvr is in srvr.go. Znodes are read in a session: session.go opens one over
// a connection, asks and closes; request.go and reply.go have the two sides of that exchange, of
// which internal/kafkatest plays the server's; jute.go has the serialisation below them.
// registry.go says which znodes of Kafka are read, and chroot.go where they stand.
//
// No library does it: theirs keep a session alive, with goroutines that ping and reconnect, and
// calls that heed no context. What is wanted here is one look, over one connection that was dialled
// the caller's way, and nothing that goes on after it. So nothing here dials, retries or starts a
// goroutine: every call ends with the deadline of the connection it was given.
package zookeeper
