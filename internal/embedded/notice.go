package embedded

// Notice is something that the user of a cluster should know, and that no client is told:
// an [AskedTopic], a [WriteFailure] or a [MemoryUse].
type Notice interface{ notice() }

// AskedTopic is a topic that a client asks for by name and that does not exist. Nothing makes it by
// itself, and many clients wait for it in silence. There is one notice a topic.
type AskedTopic struct {
	Topic  string // as the client has it: it may be no legal name
	Client string // the client's id, "" for a client without one
	Last   bool   // that no further topic is told of, to bound the number of notices
}

// WriteFailure is a data directory that cannot be written to. Brokers refuse records and offsets
// meanwhile with UNKNOWN_SERVER_ERROR, which says nothing about the disk. There is one notice for
// failures of the same cause that follow each other.
type WriteFailure struct {
	Path string // what was written to: a file or a directory below the data directory
	Err  error  // a syscall.Errno
	// Closing says that the cluster failed to write while it was closed: the next start may miss
	// what the cluster held last.
	Closing bool
}

// MemoryUse is memory that has grown beyond 256 MiB, in a cluster without a data directory. There is
// one notice a cluster.
type MemoryUse struct {
	Bytes int64 // what this process holds
}

func (AskedTopic) notice()   {}
func (WriteFailure) notice() {}
func (MemoryUse) notice()    {}
