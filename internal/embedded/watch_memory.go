package embedded

import "runtime/metrics"

// muchMemory is where a cluster that keeps its records in memory is told of.
const muchMemory = 256 << 20

// memoryInUse returns the memory that this process holds: what Go has from the system, less what it
// has given back. It is what the system shows as resident, but for the pages of the program itself.
func memoryInUse() int64 {
	use := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(use)
	return int64(use[0].Value.Uint64() - use[1].Value.Uint64())
}
