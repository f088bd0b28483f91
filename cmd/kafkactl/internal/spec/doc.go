// Package spec has the commands about declared topics (apply, plan, validate and schema) and those
// that change one topic through the same plan (create, alter and delete).
//
// apply and plan wait for the cluster and have their plan made in package readiness. create and
// alter compare one topic in topic_change.go. Plans and reports are printed by package changes.
package spec
