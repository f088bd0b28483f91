// Package groups has the commands about consumer groups: lag, list groups, describe group, delete
// group and reset-offsets.
package groups
