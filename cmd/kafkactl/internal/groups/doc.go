// Package groups has the commands about consumer groups: lag, list groups, describe group, delete group
// and reset-offsets. internal/groups asks the brokers.
//
// lag: lag.go has the flags. lag_snapshot.go asks for the lag at one moment, lag_service.go adds the
// services of a topics file. A snapshot is shown by lag_table.go and lag_partition.go (for people) and
// lag_doc.go (JSON and YAML), and compared with the thresholds by lag_limit.go. lag_wait.go takes
// snapshots until the lag is low enough, lag_watch.go until it is interrupted, with the rates of
// lag_rate.go.
//
// The other commands have a file each: list_groups.go, describe_group.go, delete_group.go and
// reset_offsets.go, whose report is in reset_offsets_view.go.
package groups
