package kafkatest

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
)

// FakeZooKeeper is as much of a ZooKeeper as answers srvr and reads of znodes. It holds what it is given and takes no
// write.
type FakeZooKeeper struct {
	Znodes map[string]string // data by path; the znodes above each are there by themselves, empty
	Errors map[string]int32  // what a read of a path is answered with instead, such as -102 for NoAuth
	Srvr   string            // the answer to srvr; default that of a standalone server
}

// KafkaZnodes is what Kafka registers: the cluster's id, its controller (none when negative), and the brokers, each with
// the endpoint it advertises.
func KafkaZnodes(clusterID string, controller int, brokers map[int]string) map[string]string {
	znodes := map[string]string{"/brokers/ids": "", "/cluster/id": fmt.Sprintf(`{"version":"1","id":%q}`, clusterID)}
	if controller >= 0 {
		znodes["/controller"] = fmt.Sprintf(`{"version":2,"brokerid":%d,"timestamp":"1700000000000","kraftControllerEpoch":-1}`, controller)
	}
	for id, endpoint := range brokers {
		znodes[fmt.Sprintf("/brokers/ids/%d", id)] = fmt.Sprintf(`{"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},`+
			`"endpoints":[%q],"jmx_port":-1,"port":9092,"host":"kafka","version":5,"timestamp":"1700000000000"}`, endpoint)
	}
	return znodes
}

// Serve answers one connection until the client is done with it. It tells whether a session was begun, and ended as it
// should be, by the client and not by its hanging up.
func (z FakeZooKeeper) Serve(conn net.Conn) (begun, ended bool) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return false, false
	}
	if string(head) == "srvr" {
		_, _ = io.WriteString(conn, cmp.Or(z.Srvr, "Zookeeper version: 3.8.4\nLatency min/avg/max: 0/0.0/0\nMode: standalone\nNode count: 5\n"))
		return false, false
	}
	if _, err := io.CopyN(io.Discard, conn, int64(binary.BigEndian.Uint32(head))); err != nil {
		return false, false
	}
	grant := binary.BigEndian.AppendUint32(nil, 0)
	grant = binary.BigEndian.AppendUint32(grant, 4000)
	grant = binary.BigEndian.AppendUint64(grant, 7)
	grant = append(sized(grant, make([]byte, 16)), 0)
	if _, err := conn.Write(sized(nil, grant)); err != nil {
		return true, false
	}
	for {
		if _, err := io.ReadFull(conn, head); err != nil {
			return true, false
		}
		request := make([]byte, binary.BigEndian.Uint32(head))
		if _, err := io.ReadFull(conn, request); err != nil || len(request) < 8 {
			return true, false
		}
		code, body := z.read(int32(binary.BigEndian.Uint32(request[4:])), request[8:])
		reply := append(slices.Clone(request[:4]), 0, 0, 0, 0, 0, 0, 0, 9)
		reply = append(binary.BigEndian.AppendUint32(reply, uint32(code)), body...)
		if _, err := conn.Write(sized(nil, reply)); err != nil || len(request) == 8 { // closeSession has no body
			return true, err == nil
		}
	}
}

// read is the code and the body of the answer to one request: getData, getChildren or the end of the session.
func (z FakeZooKeeper) read(op int32, request []byte) (code int32, body []byte) {
	const getData, getChildren, stat = 4, 8, 68
	if len(request) == 0 {
		return 0, nil
	}
	path := string(request[4 : len(request)-1]) // its length before it, the watch behind
	data, there := z.Znodes[path]
	var children []string
	for _, below := range slices.Sorted(maps.Keys(z.Znodes)) {
		if rest, found := strings.CutPrefix(below, path+"/"); found {
			name, _, _ := strings.Cut(rest, "/")
			children = append(children, name)
		}
	}
	children = slices.Compact(children)
	switch {
	case z.Errors[path] != 0:
		return z.Errors[path], nil
	case !there && len(children) == 0:
		return -101, nil // NoNode
	case op == getData:
		return 0, append(sized(nil, []byte(data)), make([]byte, stat)...)
	case op == getChildren:
		body = binary.BigEndian.AppendUint32(nil, uint32(len(children)))
		for _, name := range children {
			body = sized(body, []byte(name))
		}
		return 0, body
	}
	return -6, nil // Unimplemented
}

// sized appends data behind its length.
func sized(to, data []byte) []byte {
	return append(binary.BigEndian.AppendUint32(to, uint32(len(data))), data...)
}
