package composefile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// image is an image reference. The zero image is one that is not known.
type image struct {
	ref  string   // as written
	path []string // registry, namespace and name
	tag  string   // "latest" where neither a tag nor a digest is written
}

func parseImage(ref string) image {
	if ref == "" {
		return image{}
	}
	path, _, pinned := strings.Cut(ref, "@")
	slash := strings.LastIndex(path, "/")
	tag := ""
	if colon := strings.LastIndex(path, ":"); colon > slash {
		path, tag = path[:colon], path[colon+1:]
	} else if !pinned {
		tag = "latest"
	}
	return image{ref: ref, path: strings.Split(path, "/"), tag: tag}
}

// name is the last part of the path.
func (i image) name() string {
	if len(i.path) == 0 {
		return ""
	}
	return i.path[len(i.path)-1]
}

// is reports whether the path ends in one of names: a registry or a mirror may stand before them.
func (i image) is(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		want := strings.Split(name, "/")
		return len(i.path) >= len(want) && slices.Equal(i.path[len(i.path)-len(want):], want)
	})
}

// onHub reports an image that Docker Hub gives out: no other registry is named.
func (i image) onHub() bool {
	return len(i.path) < 3 && !strings.ContainsAny(i.path[0], ".:") || i.path[0] == "docker.io" || i.path[0] == "index.docker.io"
}

// confluent reports a broker of Confluent Platform, whose start script is Confluent's.
func (i image) confluent() bool { return i.is("cp-kafka", "cp-server", "cp-enterprise-kafka") }

// apache reports a broker of Apache Kafka's own images.
func (i image) apache() bool { return i.is("apache/kafka", "apache/kafka-native") }

// bitnami reports a broker of Bitnami's line, whose variables are KAFKA_CFG_….
func (i image) bitnami() bool {
	return i.is("bitnami/kafka", "bitnamilegacy/kafka", "bitnamisecure/kafka", "soldevelo/kafka")
}

func (i image) zookeeper() bool { return i.is("cp-zookeeper", "zookeeper") }

// officialZooKeeper reports Docker's own image, not another one of that name.
func (i image) officialZooKeeper() bool {
	return i.is("library/zookeeper") || len(i.path) == 1 && i.name() == "zookeeper"
}

// ui reports a web console for Kafka.
func (i image) ui() bool {
	return i.is("kafka-ui", "akhq", "kafdrop", "kowl", "redpandadata/console", "redpanda/console", "conduktor-console",
		"cp-enterprise-control-center", "cp-enterprise-control-center-next-gen", "kafka-topics-ui", "kafka-manager", "cmak")
}

// version is major.minor. The zero version is not known: it is neither at least nor below any
// other.
type version struct{ major, minor int }

func (v version) known() bool { return v != version{} }

func (v version) atLeast(major, minor int) bool {
	return v.known() && (v.major > major || v.major == major && v.minor >= minor)
}

func (v version) below(major, minor int) bool { return v.known() && !v.atLeast(major, minor) }

// tagVersion returns the version in the tag, the zero version for "latest" and other names.
func (i image) tagVersion() version {
	m := regexp.MustCompile(`^v?(\d+)(?:\.(\d+))?(?:[.\-_+].*)?$`).FindStringSubmatch(i.tag)
	if m == nil {
		return version{}
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return version{major, minor}
}

// latest reports a tag that moves with the releases.
func (i image) latest() bool { return strings.HasPrefix(i.tag, "latest") }

// kafka is the version of Kafka in a broker image. Confluent Platform X.Y holds Kafka .Y since
// 7.0, 6.Y holds 2.(6+Y), 5.Y holds 2.Y. "latest" of both is past the last release with ZooKeeper:
// 4.0 stands for it.
func (i image) kafka() version {
	v := i.tagVersion()
	switch {
	case !i.confluent() && !i.apache():
		return version{}
	case i.latest() && !i.is("cp-enterprise-kafka"):
		return version{4, 0}
	case i.apache() || !v.known():
		return v
	case v.major >= 7:
		return version{v.major - 4, v.minor}
	case v.major == 6:
		return version{2, 6 + v.minor}
	case v.major == 5:
		return version{2, v.minor}
	default:
		return version{}
	}
}
