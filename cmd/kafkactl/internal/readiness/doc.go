// Package readiness is what the commands that wait share: the flags of the ladder, the climb
// before any work, the ladder shown live while it is climbed, and readiness as text and as JSON.
//
// Read prepare.go (apply's and plan's climb), ladder.go (that of wait and health), then
// progress.go (what is shown meanwhile).
package readiness
