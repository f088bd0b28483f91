package embedded_test

import "github.com/twmb/franz-go/pkg/kmsg"

type topicOption func(*kmsg.CreateTopicsRequestTopic)

// creating is a request for topics; each has 1 partition and 1 replica unless an option says more.
func creating(topics ...kmsg.CreateTopicsRequestTopic) *kmsg.CreateTopicsRequest {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Topics, req.TimeoutMillis = topics, 30_000
	return req
}

func validating(topics ...kmsg.CreateTopicsRequestTopic) *kmsg.CreateTopicsRequest {
	req := creating(topics...)
	req.ValidateOnly = true
	return req
}

func topic(name string, options ...topicOption) kmsg.CreateTopicsRequestTopic {
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, 1, 1
	for _, o := range options {
		o(&t)
	}
	return t
}

func counts(partitions int32, replicas int16) topicOption {
	return func(t *kmsg.CreateTopicsRequestTopic) { t.NumPartitions, t.ReplicationFactor = partitions, replicas }
}

// config is one setting; the value "null" is none.
func config(name, value string) topicOption {
	return func(t *kmsg.CreateTopicsRequestTopic) {
		c := kmsg.NewCreateTopicsRequestTopicConfig()
		c.Name, c.Value = name, nullable(value)
		t.Configs = append(t.Configs, c)
	}
}

func nullable(value string) *string {
	if value == "null" {
		return nil
	}
	return &value
}

func assigned(partition int32, replicas ...int32) topicOption {
	return func(t *kmsg.CreateTopicsRequestTopic) {
		a := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		a.Partition, a.Replicas = partition, replicas
		t.ReplicaAssignment = append(t.ReplicaAssignment, a)
	}
}

const (
	set, del, add, subtract = kmsg.IncrementalAlterConfigOpSet, kmsg.IncrementalAlterConfigOpDelete, kmsg.IncrementalAlterConfigOpAppend, kmsg.IncrementalAlterConfigOpSubtract
)

type op struct {
	op          kmsg.IncrementalAlterConfigOp
	name, value string
}

func altering(only bool, resources map[string][]op, order ...string) *kmsg.IncrementalAlterConfigsRequest {
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.ValidateOnly = only
	for _, name := range order {
		r := kmsg.NewIncrementalAlterConfigsRequestResource()
		r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, name
		for _, o := range resources[name] {
			c := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
			c.Op, c.Name, c.Value = o.op, o.name, nullable(o.value)
			r.Configs = append(r.Configs, c)
		}
		req.Resources = append(req.Resources, r)
	}
	return req
}

// alter changes the settings of one topic.
func alter(name string, ops ...op) *kmsg.IncrementalAlterConfigsRequest {
	return altering(false, map[string][]op{name: ops}, name)
}

// replace gives one topic these settings alone, in pairs of name and value.
func replace(name string, pairs ...string) *kmsg.AlterConfigsRequest {
	req := kmsg.NewPtrAlterConfigsRequest()
	r := kmsg.NewAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, name
	for i := 0; i < len(pairs); i += 2 {
		c := kmsg.NewAlterConfigsRequestResourceConfig()
		c.Name, c.Value = pairs[i], nullable(pairs[i+1])
		r.Configs = append(r.Configs, c)
	}
	req.Resources = append(req.Resources, r)
	return req
}

func describe(names ...string) *kmsg.DescribeConfigsRequest {
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, name := range names {
		r := kmsg.NewDescribeConfigsRequestResource()
		r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, name
		req.Resources = append(req.Resources, r)
	}
	return req
}

type growth struct {
	topic    string
	count    int32
	replicas [][]int32
}

func growing(topics ...growth) *kmsg.CreatePartitionsRequest {
	req := kmsg.NewPtrCreatePartitionsRequest()
	req.TimeoutMillis = 30_000
	for _, g := range topics {
		t := kmsg.NewCreatePartitionsRequestTopic()
		t.Topic, t.Count = g.topic, g.count
		for _, replicas := range g.replicas {
			a := kmsg.NewCreatePartitionsRequestTopicAssignment()
			a.Replicas = replicas
			t.Assignment = append(t.Assignment, a)
		}
		req.Topics = append(req.Topics, t)
	}
	return req
}

func reassigning(topic string, partition int32, replicas ...int32) *kmsg.AlterPartitionAssignmentsRequest {
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	req.TimeoutMillis = 30_000
	p := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	p.Partition, p.Replicas = partition, replicas
	t := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	t.Topic, t.Partitions = topic, append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	return req
}

type part struct {
	topic     string
	partition int32
	batch     []byte
}

func producing(parts ...part) *kmsg.ProduceRequest {
	req := kmsg.NewPtrProduceRequest()
	req.Acks, req.TimeoutMillis = -1, 30_000
	for _, p := range parts {
		partition := kmsg.NewProduceRequestTopicPartition()
		partition.Partition, partition.Records = p.partition, p.batch
		t := kmsg.NewProduceRequestTopic()
		t.Topic, t.Partitions = p.topic, append(t.Partitions, partition)
		req.Topics = append(req.Topics, t)
	}
	return req
}
