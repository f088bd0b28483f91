package embedded

// UpstreamDefects returns the names of the faults of kfake that are mended here.
func UpstreamDefects() []string {
	var names []string
	for _, d := range upstreamDefects() {
		names = append(names, d.name)
	}
	return names
}
