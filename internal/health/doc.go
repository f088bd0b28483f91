// Package health asks a Kafka stack whether it is ready, and says what is missing when it is not.
//
// The questions are rungs of a ladder. A rung is asked only when the rungs it needs hold, so the lowest one that does not
// hold is the fault, and everything above it is a consequence. Each answer is a Finding with the evidence for it: what was
// asked and what came back. The table of rungs is in rungs.go; one climb over it is in climb.go; climbing until it holds
// hasError in wait.go.
//
// The package prints nothing and decides nothing for its caller: it returns Readiness values, and Wait reports each change
// through a callback. It reads clusters and never writes to one, except through the callbacks it was given; K8 uses up
// one producer id of each broker.
package health
