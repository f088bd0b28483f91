// Package legacy turns old spellings, those of Apache's tools and of kubectl, into command lines
// of this program. It is pure: [Modernize] reads arguments and returns arguments and a hint.
package legacy
