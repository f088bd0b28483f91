package admin

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"

	"kafkactl/internal/kafka"
)

// Broker is one that the cluster lists as alive.
type Broker struct {
	ID   int
	Host string
	Port int
	Rack string // "" when it has none
	// Controller reports whether it is the controller that acts.
	Controller bool
	// Release is the Kafka line that offers exactly the requests it offers, "3.9"; ""
	// when none does: another build, or a newer one than is known here.
	Release string
	// Err is why it did not answer, nil otherwise.
	Err error
	// Dirs are its data directories, and DirsErr is why they are not known.
	Dirs    []DataDir
	DirsErr error

	mode     Mode
	features []Feature
}

// Address is where clients reach it, host:port.
func (b Broker) Address() string { return net.JoinHostPort(b.Host, strconv.Itoa(b.Port)) }

// Size returns the bytes of all its replicas; -1 when that is not known.
func (b Broker) Size() int64 {
	if b.Err != nil || b.DirsErr != nil {
		return -1
	}
	var size int64
	for _, d := range b.Dirs {
		size += d.Size
	}
	return size
}

// Replicas counts its replicas; -1 when that is not known.
func (b Broker) Replicas() int {
	if b.Err != nil || b.DirsErr != nil {
		return -1
	}
	count := 0
	for _, d := range b.Dirs {
		count += d.Replicas
	}
	return count
}

// Feature is a level that all brokers have agreed on (KIP-584).
type Feature struct {
	Name  string
	Level int
}

// NoBrokerError is a broker id that the cluster does not list as alive.
type NoBrokerError struct {
	ID   int
	Live []int
}

func (e *NoBrokerError) Error() string { return fmt.Sprintf("no broker %d is alive", e.ID) }

// Hint lists the brokers that are alive.
func (e *NoBrokerError) Hint() string {
	return "alive: " + kafka.JoinIDs(e.Live)
}

// Brokers lists the live brokers by id. One that does not answer is listed with its error.
func (c *Client) Brokers(ctx context.Context) ([]Broker, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), []string{})
	if err != nil {
		return nil, fmt.Errorf("list brokers: %w", err)
	}
	brokers, _, err := c.brokersOf(ctx, meta)
	return brokers, err
}

// brokersOf asks each broker of meta about itself, and who the controller is.
func (c *Client) brokersOf(ctx context.Context, meta *kmsg.MetadataResponse) ([]Broker, Controller, error) {
	if len(meta.Brokers) == 0 {
		return nil, Controller{}, &UnsettledError{Broker: "the cluster", What: "no broker is listed as alive"}
	}
	listed := kafka.SortedBrokers(meta)
	brokers := make([]Broker, len(listed))
	for i, at := range kafka.AskEach(ctx, kafka.LiveBrokers(meta), c.askBroker) {
		b := &brokers[i]
		if *b = at.Value; at.Err != nil {
			*b = Broker{Err: at.Err}
		}
		b.ID, b.Host, b.Port = int(listed[i].NodeID), listed[i].Host, int(listed[i].Port)
		if listed[i].Rack != nil {
			b.Rack = *listed[i].Rack
		}
	}
	controller := c.controller(ctx, meta, modeOfAll(brokers))
	for i := range brokers {
		brokers[i].Controller = brokers[i].ID == controller.ID
	}
	return brokers, controller, nil
}

// askBroker asks a broker about itself. When it does not list its directories, the rest is still
// there.
func (c *Client) askBroker(ctx context.Context, id int32) (Broker, error) {
	resp, err := c.apiVersions(ctx, c.kafka.On(id))
	if err != nil {
		return Broker{}, kafka.Wrap("ask its versions", err)
	}
	b := Broker{Release: release(resp), mode: modeOf(resp)}
	for _, f := range resp.FinalizedFeatures {
		b.features = append(b.features, Feature{f.Name, int(f.MaxVersionLevel)})
	}
	slices.SortFunc(b.features, func(x, y Feature) int { return cmp.Compare(x.Name, y.Name) })
	if b.Dirs, b.DirsErr = c.dataDirs(ctx, id); b.DirsErr != nil && kafka.Ended(b.DirsErr) {
		return Broker{}, b.DirsErr
	}
	return b, nil
}

// apiVersions returns what a broker offers.
func (c *Client) apiVersions(ctx context.Context, to kmsg.Requestor) (*kmsg.ApiVersionsResponse, error) {
	req := kmsg.NewPtrApiVersionsRequest()
	req.ClientSoftwareName, req.ClientSoftwareVersion = "kafkactl", "0" // an empty one is refused (KIP-511)
	resp, err := req.RequestWith(ctx, to)
	if err == nil {
		err = kafka.CodeError(kmsg.ApiVersions, "", resp.ErrorCode, nil)
	}
	return resp, err
}

// release returns the line of Kafka that offers just the requests that a broker offers, "" for
// none.
func release(resp *kmsg.ApiVersionsResponse) string {
	guess := kversion.FromApiVersionsResponse(resp).VersionGuess()
	if !regexp.MustCompile(`^v\d+\.\d+$`).MatchString(guess) {
		return ""
	}
	return strings.TrimPrefix(guess, "v")
}

// Mode is how a cluster chooses its controller. The values may appear in JSON.
type Mode string

// The modes. What is compatible with Kafka and not Kafka shows neither.
const (
	KRaft     Mode = "kraft"
	ZooKeeper Mode = "zookeeper"
)

// modeOf returns the mode by what a broker offers: DescribeQuorum in KRaft mode only, and in
// ZooKeeper mode only what a controller sends to brokers.
func modeOf(resp *kmsg.ApiVersionsResponse) Mode {
	var mode Mode
	for _, key := range resp.ApiKeys {
		switch key.ApiKey {
		case int16(kmsg.DescribeQuorum):
			return KRaft
		case int16(kmsg.UpdateMetadata):
			mode = ZooKeeper
		}
	}
	return mode
}

// modeOfAll returns KRaft as soon as one broker is: in the last step of a migration others are
// in ZooKeeper mode yet.
func modeOfAll(brokers []Broker) Mode {
	var mode Mode
	for _, b := range brokers {
		if b.mode == KRaft {
			return KRaft
		}
		mode = cmp.Or(mode, b.mode)
	}
	return mode
}

// Controller is who acts on changes of the cluster's metadata.
type Controller struct {
	Mode Mode // "" when no broker shows it
	// ID is -1 when there is none or it is not known, which Err explains. In KRaft it may be
	// no broker.
	ID  int
	Err error
	// Epoch and Voters are the quorum's; in ZooKeeper mode there are none.
	Epoch  int
	Voters []int
}

// controller asks who acts. In KRaft mode metadata names some random live broker, so the quorum is
// asked.
func (c *Client) controller(ctx context.Context, meta *kmsg.MetadataResponse, mode Mode) Controller {
	if mode != KRaft {
		return Controller{Mode: mode, ID: int(meta.ControllerID)}
	}
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	state, err := c.kafka.Quorum(ctx)
	if err != nil {
		return Controller{Mode: KRaft, ID: -1, Err: err}
	}
	found := Controller{Mode: KRaft, ID: int(state.LeaderID), Epoch: int(state.LeaderEpoch)}
	for _, v := range state.CurrentVoters {
		found.Voters = append(found.Voters, int(v.ReplicaID))
	}
	slices.Sort(found.Voters)
	return found
}
