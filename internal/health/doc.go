// Package health asks a Kafka stack whether it is ready, and says what is missing when it is not.
//
// Reading guide, in the order in which a question is answered:
//
//   - rungs.go: the ladder, a table of rungs. A rung is one question, with the rungs that must hold
//     before it is asked. The lowest rung that does not hold is the fault; everything above it is a
//     consequence. A new rung is one row there.
//   - climb.go: one climb over the table. walks.go goes through the addresses in stages (K0 to K2 in
//     broker_stages.go, Z1 and Z2 in zookeeper_stages.go), and notes.go is what the rungs of a climb
//     share. The other rungs: enough_brokers.go (K3), second_hop.go (K4), controller.go (K5),
//     zookeeper_agreement.go (Z5), coordinators.go (K8); K6, K7, K9 and G1 are the caller's.
//   - clients.go and wire.go: the two ways to ask a broker, with a Kafka client and over a bare
//     connection. broker_view.go is what one broker says of the cluster.
//   - probe_cache.go: what was found out about an address on the side, so that it is not asked again on
//     each climb: which other protocol it speaks (identify.go), at which address the stack answers
//     instead (redirect.go).
//   - answer.go: what one question came to, for one address or a whole rung, and how several are
//     combined. symptoms.go and not_kafka.go word an error (the words for
//     the network are in internal/kafka), hints.go the advice.
//   - finding.go and readiness.go: what callers get of it.
//   - wait.go: climbing until the ladder holds; pace.go is the time between two climbs, stillness.go
//     when too few brokers will not become enough, not_ready.go the error.
//
// The package prints nothing and decides nothing for its caller: it returns Readiness values, and
// Wait reports each change through a callback. It reads clusters and never writes to one, except
// through the callbacks it was given; K8 uses up one producer id of each broker.
package health
