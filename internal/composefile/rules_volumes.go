package composefile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"kafkactl/internal/yaml"
)

// imageVolumes returns the directories for which an image declares a VOLUME: each becomes an
// anonymous volume unless something is mounted on that very directory.
func imageVolumes(i image) []string {
	switch {
	case i.confluent(), i.apache():
		return []string{"/var/lib/kafka/data"}
	case i.name() == "cp-zookeeper":
		return []string{"/var/lib/zookeeper/data", "/var/lib/zookeeper/log"}
	case i.officialZooKeeper():
		return []string{"/data", "/datalog"}
	default:
		return nil
	}
}

// mount returns the named volume, or the directory of the machine, that holds dir; nil when dir
// goes with the container.
func (s *service) mount(dir string) *types.ServiceVolumeConfig {
	dir = path.Clean(dir)
	for i, volume := range s.Volumes {
		if !keeps(volume) || !within(dir, volume.Target) {
			continue
		}
		hidden := slices.ContainsFunc(imageVolumes(s.image), func(declared string) bool {
			return within(dir, declared) && declared != path.Clean(volume.Target) && within(declared, volume.Target)
		})
		if !hidden {
			return &s.Volumes[i]
		}
	}
	return nil
}

// keeps reports a mount that outlives `docker compose down`.
func keeps(v types.ServiceVolumeConfig) bool {
	return v.Type == types.VolumeTypeBind || v.Type == types.VolumeTypeVolume && v.Source != ""
}

// within reports whether dir is parent or below it.
func within(dir, parent string) bool {
	parent = path.Clean(parent)
	return dir == parent || strings.HasPrefix(dir, strings.TrimSuffix(parent, "/")+"/")
}

// atVolume is the place of the entry of volumes for a target.
func (s *service) atVolume(target string) position {
	return s.at(key("volumes"), item(func(n *yaml.Node) bool {
		if n = yaml.Resolve(n); n.Kind == yaml.MappingNode {
			_, value := child(n, "target")
			return value != nil && s.source.expand(value.Value) == target
		}
		return slices.Contains(strings.Split(s.source.expand(n.Value), ":"), target)
	}))
}

// kept returns how many of dirs outlive the container; 0 of 0 where they are not known.
func (s *service) kept(dirs []string) (kept, all int) {
	for _, dir := range dirs {
		if s.mount(dir) != nil {
			kept++
		}
	}
	return kept, len(dirs)
}

// zookeeperDirs is where a ZooKeeper keeps its state, nil when not known.
func zookeeperDirs(s *service) []string {
	for _, name := range []string{"ZOOKEEPER_DATA_DIR", "ZOOKEEPER_DATA_LOG_DIR", "ZOO_DATA_DIR", "ZOO_DATA_LOG_DIR"} {
		if s.env(name).set {
			return nil
		}
	}
	return imageVolumes(s.image)
}

// unpairedVolumes: ZooKeeper's snapshots and its log are one state, and the cluster id that it
// gives out is written into the broker's meta.properties. After `down` with one kept and the other
// gone, generations mix: "InconsistentClusterIdException: The Cluster ID x doesn't match stored
// clusterId", or topics whose records are gone. Both or none must be kept.
func unpairedVolumes(stack *Stack, report reporter) {
	for _, z := range stack.zookeepers {
		dirs := zookeeperDirs(z)
		if kept, all := z.kept(dirs); kept > 0 && kept < all {
			for _, dir := range dirs {
				if z.mount(dir) == nil {
					report.fault(z, z.at(key("volumes")), fmt.Sprintf(
						"%s is in an anonymous volume and the rest of ZooKeeper's state is kept: after a `down` they are of different generations", dir),
						"- zookeeper-"+path.Base(dir)+":"+dir)
				}
			}
		}
	}
	for _, b := range stack.brokers {
		if b.image.kafka().atLeast(4, 0) {
			continue // it knows no ZooKeeper
		}
		for _, z := range stack.zookeepersOf(b) {
			brokerKept, brokerAll := b.kept(b.logDirs())
			zooKept, zooAll := z.kept(zookeeperDirs(z))
			switch {
			case brokerAll == 0 || zooAll == 0:
			case brokerKept == brokerAll && zooKept == 0:
				effect := "the broker stops with InconsistentClusterIdException"
				if b.image.kafka().below(2, 4) { // KAFKA-7335
					effect = "the records are there and their topics gone"
				}
				report.fault(b.service, b.atVolume(b.mount(b.logDirs()[0]).Target), fmt.Sprintf(
					"the broker's data is kept and that of %s is not: after a `down` %s", z.Name, effect),
					fmt.Sprintf("volumes of %s: %s", z.Name, volumeLines(z.Name, zookeeperDirs(z))))
			case brokerKept == 0 && zooKept == zooAll && misplaced(b) == nil: // unusedVolumes reports that one
				report.fault(b.service, b.at(key("volumes")), fmt.Sprintf(
					"the data of %s is kept and the broker's is not: after a `down` the topics are there and their records gone", z.Name),
					fmt.Sprintf("volumes of %s: %s", b.Name, volumeLines(b.Name, b.logDirs())))
			}
		}
	}
}

func volumeLines(name string, dirs []string) string {
	lines := make([]string, len(dirs))
	for i, dir := range dirs {
		lines[i] = fmt.Sprintf("- %s-%s:%s", name, path.Base(dir), dir)
	}
	return strings.Join(lines, ", ")
}

// zookeepersOf is the ZooKeepers of the project that a broker uses.
func (s *Stack) zookeepersOf(b *broker) []*service {
	list, _, _ := strings.Cut(b.env("KAFKA_ZOOKEEPER_CONNECT").value, "/")
	var used []*service
	for _, server := range parseAddresses(list) {
		for _, found := range s.answering(server.host) {
			if slices.Contains(s.zookeepers, found) && !slices.Contains(used, found) {
				used = append(used, found)
			}
		}
	}
	return used
}

// sharedVolumes: a broker locks its log directory (".lock"); a second on the same one
// stops with "Failed to acquire lock". Services of different profiles may take turns.
func sharedVolumes(stack *Stack, report reporter) {
	for i, b := range stack.brokers {
		for _, earlier := range stack.brokers[:i] {
			if neverTogether(b.service, earlier.service) {
				continue
			}
			for _, dir := range b.logDirs() {
				mine := b.mount(dir)
				if mine == nil || mine.Volume != nil && mine.Volume.Subpath != "" {
					continue
				}
				for _, other := range earlier.logDirs() {
					if theirs := earlier.mount(other); theirs != nil && theirs.Source == mine.Source &&
						strings.TrimPrefix(dir, mine.Target) == strings.TrimPrefix(other, theirs.Target) {
						report.fault(b.service, b.atVolume(mine.Target), fmt.Sprintf(
							"%s and %s keep their data in the same volume: the second cannot lock it and stops", earlier.Name, b.Name),
							fmt.Sprintf("- %s-data:%s", b.Name, mine.Target))
					}
				}
			}
		}
	}
}

// unusedVolumes: a volume beside the log directories keeps nothing. apache/kafka writes to /tmp
// unless KAFKA_LOG_DIRS says otherwise, though it declares a VOLUME at /var/lib/kafka/data; and a
// volume at the parent of that is hidden by the anonymous one which the VOLUME makes.
func unusedVolumes(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		dirs := b.logDirs()
		if kept, all := b.kept(dirs); all == 0 || kept > 0 || b.controllerOnly() {
			continue
		}
		volume := misplaced(b)
		if volume == nil {
			continue
		}
		message := fmt.Sprintf("the broker does not write to %s but to %s: nothing is kept", volume.Target, strings.Join(dirs, ", "))
		fix := "KAFKA_LOG_DIRS: " + path.Clean(volume.Target)
		if within(dirs[0], volume.Target) || strings.HasPrefix(dirs[0], "/var/lib/kafka/") {
			fix = fmt.Sprintf("%s as the target in place of %s", dirs[0], volume.Target)
		}
		if within(dirs[0], volume.Target) {
			message = fmt.Sprintf("the image declares a volume at %s, which hides this one at %s: nothing is kept", dirs[0], volume.Target)
		}
		report.fault(b.service, b.atVolume(volume.Target), message, fix)
	}
}

// misplaced returns a volume that is meant for the records of a broker that writes elsewhere, nil
// for none.
func misplaced(b *broker) *types.ServiceVolumeConfig {
	for i, volume := range b.Volumes {
		if keeps(volume) && !volume.ReadOnly && dataDirectory(volume.Target) {
			return &b.Volumes[i]
		}
	}
	return nil
}

// dataDirectory reports a place where images of Kafka keep records.
func dataDirectory(target string) bool {
	return slices.Contains([]string{
		"/var/lib/kafka", "/var/lib/kafka/data", "/bitnami/kafka", "/bitnami/kafka/data", "/kafka", "/tmp/kafka-logs", "/tmp/kraft-combined-logs",
	}, path.Clean(target))
}
