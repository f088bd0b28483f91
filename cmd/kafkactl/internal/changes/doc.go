// Package changes shows what a plan will change and what became of it: plan.go a plan, report.go
// what was done, each as text, names and JSON. apply, plan, create, alter, delete and dev print
// with it.
package changes
