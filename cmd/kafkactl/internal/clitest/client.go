package clitest

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
)

// client is the program "client [check] ID TOPIC...", a Kafka client that is not ours: at the brokers of
// KAFKA_BOOTSTRAP_SERVERS, called ID; as the user of KAFKA_SASL_USERNAME, if there is one. It produces a record to each topic, and waits as long as one
// does not exist, or else it asks once for the topics without use for them, as admin clients do. The
// exit code is 1 when it is refused; the reason is on stderr.
func client(args []string) int {
	check := len(args) > 0 && args[0] == "check"
	if check {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: client [check] ID TOPIC...")
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	use := produceTo
	if check {
		use = askFor
	}
	opts := []kgo.Opt{
		kgo.SeedBrokers(os.Getenv("KAFKA_BOOTSTRAP_SERVERS")), kgo.ClientID(args[0]),
		kgo.AllowAutoTopicCreation(), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(100 * time.Millisecond),
	}
	if user := os.Getenv("KAFKA_SASL_USERNAME"); user != "" {
		opts = append(opts, kgo.SASL(plain.Auth{User: user, Pass: os.Getenv("KAFKA_SASL_PASSWORD")}.AsMechanism()))
	}
	cl, err := kgo.NewClient(opts...)
	if err == nil {
		defer cl.Close()
		err = use(ctx, cl, args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func produceTo(ctx context.Context, cl *kgo.Client, topics []string) error {
	for _, topic := range topics {
		if err := cl.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte("{}")}).FirstErr(); err != nil {
			return err
		}
	}
	return nil
}

func askFor(ctx context.Context, cl *kgo.Client, topics []string) error {
	req := kmsg.NewPtrMetadataRequest()
	for _, topic := range topics {
		req.Topics = append(req.Topics, kmsg.MetadataRequestTopic{Topic: kmsg.StringPtr(topic)})
	}
	_, err := req.RequestWith(ctx, cl)
	return err
}
