// Package spec has the commands about declared topics, apply, plan, validate and schema, and
// those that change one topic through the same plan: create, alter and delete.
package spec
