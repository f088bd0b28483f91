// Package changes shows what a plan will change and what became of it: plans and reports as
// tables, names and JSON. apply, plan, create, alter, delete and dev print with it.
package changes
