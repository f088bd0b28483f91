package kafkatest

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"kafkactl/internal/zookeeper"
)

// FakeZooKeeper is as much of a ZooKeeper as answers srvr and reads of znodes. It holds what it is
// given and takes no write. The zero value has no znode below the root.
type FakeZooKeeper struct {
	Znodes map[string]string         // data by path; the znodes above each exist by themselves, empty
	Errors map[string]zookeeper.Code // what a read of a path is refused with
	Srvr   string                    // the answer to srvr; default that of a standalone server
}

// KafkaZnodes returns what Kafka registers, as [FakeZooKeeper] takes it: the cluster's id, its
// controller (none when negative), and the brokers by id, each with the endpoint it advertises,
// such as PLAINTEXT://kafka:9092.
func KafkaZnodes(clusterID string, controller int, brokers map[int]string) map[string]string {
	znodes := map[string]string{
		zookeeper.BrokersPath: "",
		zookeeper.ClusterPath: fmt.Sprintf(`{"version":"1","id":%q}`, clusterID),
	}
	if controller >= 0 {
		znodes[zookeeper.ControllerPath] = fmt.Sprintf(`{"version":2,"brokerid":%d,"timestamp":"1700000000000","kraftControllerEpoch":-1}`, controller)
	}
	for id, endpoint := range brokers {
		znodes[fmt.Sprintf("%s/%d", zookeeper.BrokersPath, id)] = fmt.Sprintf(`{"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},`+
			`"endpoints":[%q],"jmx_port":-1,"port":9092,"host":"kafka","version":5,"timestamp":"1700000000000"}`, endpoint)
	}
	return znodes
}

// Serve answers one connection until the client is done with it. It reports whether a session was
// begun, and whether the client ended it as it should be, not by hanging up.
func (z FakeZooKeeper) Serve(conn net.Conn) (begun, ended bool) {
	srvr, err := zookeeper.ReadHello(conn)
	if srvr {
		_, _ = io.WriteString(conn, cmp.Or(z.Srvr, "Zookeeper version: 3.8.4\nLatency min/avg/max: 0/0.0/0\nMode: standalone\nNode count: 5\n"))
	}
	if srvr || err != nil {
		return false, false
	}
	if err := zookeeper.WriteGrant(conn, 4*time.Second); err != nil {
		return true, false
	}
	for {
		request, err := zookeeper.ReadRequest(conn)
		if err != nil {
			return true, false
		}
		err = zookeeper.WriteReply(conn, request, z.reply(request))
		if err != nil || request.Op == zookeeper.CloseSession {
			return true, err == nil
		}
	}
}

// reply answers one request.
func (z FakeZooKeeper) reply(request zookeeper.Request) zookeeper.Reply {
	path := request.Path
	data, exists := z.Znodes[path]
	children := z.children(path)
	switch {
	case request.Op == zookeeper.CloseSession:
		return zookeeper.Reply{}
	case z.Errors[path] != zookeeper.OK:
		return zookeeper.Reply{Code: z.Errors[path]}
	case !exists && len(children) == 0:
		return zookeeper.Reply{Code: zookeeper.NoNode}
	case request.Op == zookeeper.GetData, request.Op == zookeeper.GetChildren:
		return zookeeper.Reply{Data: []byte(data), Children: children}
	default:
		return zookeeper.Reply{Code: zookeeper.Unimplemented}
	}
}

// children returns the names below path, each once.
func (z FakeZooKeeper) children(path string) []string {
	var names []string
	for _, below := range slices.Sorted(maps.Keys(z.Znodes)) {
		if rest, found := strings.CutPrefix(below, path+"/"); found {
			name, _, _ := strings.Cut(rest, "/")
			names = append(names, name)
		}
	}
	return slices.Compact(names)
}
