// Package record moves records into and out of a cluster, and knows the forms that they have
// as text.
//
// Out of a cluster (consume) a record travels like this:
//
//   - [Selection] says what to read: topics, partitions, [Positions] (--offset, in
//     offset_position.go), times (--since and --until, in since_until.go), the offsets that a
//     group committed ([Group]).
//   - [Reader.Spans] asks the brokers what that means now: one [Span] for each partition, with
//     the offset where reading begins and the one where it ends (span_start_end.go).
//   - [Reader.Read] reads the spans. It is one loop (read_loop.go) that asks each leader for
//     records (read_fetch.go, and read_timestamps.go for what kgo does not decode right), looks
//     up who leads a partition (read_leaders.go), finds out why an offset was refused
//     (read_refused.go), goes on with a topic that was made again (read_remade.go), and names the
//     open transactions it stands before (read_hidden.go). [Reader.Tail] reads the newest records
//     by reading windows of the log backwards.
//   - [Filter] keeps the records that are wanted: keys, headers, fields of the value (--where,
//     in filter_where.go), jq programs (--jq, in filter_jq.go).
//   - [AppendJSON] writes a record as a line of JSON (json_write.go, timestamp_text.go);
//     [CheckEnvelope] lists what is wrong with an event's envelope, and [Audit] sums that up over
//     many records.
//
// Into a cluster (produce) it travels like this:
//
//   - [Lines] cuts the input into [Outgoing] records (input_lines.go). [ParseJSON] reads what
//     AppendJSON wrote (json_read.go), and [Event] makes an envelope around data.
//   - [Sender] sends them in the order of the input and reports each delivery (sender.go). It
//     sends what a broker refused as part of a batch again (sender_resend.go) and gives up when
//     no broker takes anything (sender_stall.go). kgo encodes the batches, or, for timestamps that
//     it cannot carry, batch_sender.go.
//
// [Reader.Timestamps] is apart from both: it looks up how old the records at given offsets are.
//
// Read selection.go and span.go first, then read_loop.go; for the way in, sender.go. Nothing in
// the package prints: notes and deliveries are reported through callbacks.
package record
