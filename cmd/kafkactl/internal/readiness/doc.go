// Package readiness is what the commands that wait share.
//
//   - climb.go: the flags of a wait; [Prepare], the climb of apply and plan before any work;
//     [Climb]
//   - broker_ladder.go: the ladder of wait and health
//   - write_path.go, topic_probes.go: rungs K6 and K7, asked with the topics file
//   - live_ladder.go: what is shown on stderr meanwhile: the ladder drawn live, lines, or objects
//   - readiness_view.go: a readiness as text and as JSON
//
// The ladder itself is in internal/health. Read climb.go first.
package readiness
