// sarama does the exercise of test/clients/exercise.ts.
package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/IBM/sarama"

	. "evplat/test/go/exercise"
)

type client struct {
	bootstrap []string
	admin     sarama.ClusterAdmin
}

func config() *sarama.Config {
	config := sarama.NewConfig()
	config.Version = sarama.V3_9_0_0
	config.Producer.Return.Successes = true
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Interval = 100 * time.Millisecond
	config.Consumer.Group.Heartbeat.Interval = 200 * time.Millisecond
	config.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{sarama.NewBalanceStrategyRange()}
	return config
}

func (c client) Create(topic string, partitions int32, configs map[string]string) int {
	detail := sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: map[string]*string{}}
	for name, value := range configs {
		detail.ConfigEntries[name] = &value
	}
	err := c.admin.CreateTopic(topic, &detail, false)
	if refused := new(sarama.TopicError); errors.As(err, &refused) {
		return int(refused.Err)
	}
	Must(err)
	return 0
}

func (c client) Topics() map[string]int {
	counts := map[string]int{}
	for name, details := range Got(c.admin.ListTopics()) {
		counts[name] = int(details.NumPartitions)
	}
	return counts
}

func (c client) Retention(topic string) string {
	asked := sarama.ConfigResource{Type: sarama.TopicResource, Name: topic, ConfigNames: []string{"retention.ms"}}
	return Got(c.admin.DescribeConfig(asked))[0].Value
}

func (c client) SetRetention(topic, value string) {
	change := sarama.IncrementalAlterConfigsEntry{Operation: sarama.IncrementalAlterConfigsOperationSet, Value: &value}
	changes := map[string]sarama.IncrementalAlterConfigsEntry{"retention.ms": change}
	Must(c.admin.IncrementalAlterConfig(sarama.TopicResource, topic, changes, false))
}

func (c client) AddPartitions(topic string, count int) {
	Must(c.admin.CreatePartitions(topic, int32(count), nil, false))
}

var codecs = map[string]sarama.CompressionCodec{
	"none": sarama.CompressionNone, "gzip": sarama.CompressionGZIP, "snappy": sarama.CompressionSnappy,
	"lz4": sarama.CompressionLZ4, "zstd": sarama.CompressionZSTD,
}

func encoder(data []byte) sarama.Encoder {
	if data == nil {
		return nil
	}
	return sarama.ByteEncoder(data)
}

func (c client) Write(topic string, partition int32, codec string, records []Record) {
	settings := config()
	settings.Producer.Compression = codecs[codec]
	producer := Got(sarama.NewSyncProducer(c.bootstrap, settings))
	defer producer.Close()
	sent := []*sarama.ProducerMessage{}
	for _, record := range records {
		one := sarama.ProducerMessage{Topic: topic, Partition: partition, Key: encoder(record.Key), Value: encoder(record.Value)}
		if record.Timestamp != 0 {
			one.Timestamp = time.UnixMilli(record.Timestamp)
		}
		for _, header := range record.Headers {
			one.Headers = append(one.Headers, sarama.RecordHeader{Key: []byte(header[0]), Value: []byte(header[1])})
		}
		sent = append(sent, &one)
	}
	Must(producer.SendMessages(sent))
}

func (c client) Read(topic string, count int) (seen []Record) {
	consumer := Got(sarama.NewConsumer(c.bootstrap, config()))
	defer consumer.Close()
	partition := Got(consumer.ConsumePartition(topic, 0, sarama.OffsetOldest))
	defer partition.Close()
	for deadline := time.After(30 * time.Second); len(seen) < count; {
		select {
		case message := <-partition.Messages():
			one := Record{Key: message.Key, Value: message.Value, Timestamp: message.Timestamp.UnixMilli()}
			for _, header := range message.Headers {
				one.Headers = append(one.Headers, [2]string{string(header.Key), string(header.Value)})
			}
			seen = append(seen, one)
		case <-deadline:
			return seen
		}
	}
	return seen
}

func (c client) OffsetAt(topic string, at int64) int64 {
	found := Got(c.admin.ListOffsets(map[string]map[int32]int64{topic: {0: at}}, nil))[topic][0]
	if found.Err != sarama.ErrNoError {
		panic(found.Err)
	}
	return found.Offset
}

func (c client) Earliest(topic string) int64 { return c.OffsetAt(topic, sarama.OffsetOldest) }
func (c client) Latest(topic string) int64   { return c.OffsetAt(topic, sarama.OffsetNewest) }

func (c client) SetCommitted(group, topic string, at int64) {
	wanted := map[string]map[int32]sarama.OffsetAndMetadata{topic: {0: {Offset: at, LeaderEpoch: -1}}}
	Got(c.admin.AlterConsumerGroupOffsets(group, wanted, nil))
}

func (c client) Committed(group, topic string) int64 {
	return Got(c.admin.ListConsumerGroupOffsets(group, map[string][]int32{topic: {0}})).GetBlock(topic, 0).Offset
}

func (c client) DeleteRecords(topic string, before int64) {
	Must(c.admin.DeleteRecords(topic, map[int32]int64{0: before}))
}

// member is a handler of its group's sessions, too.
type member struct {
	group      sarama.ConsumerGroup
	partitions atomic.Int32
	see        func(value string)
	ended      chan struct{}
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	m.partitions.Store(int32(len(session.Claims()["work"])))
	return nil
}

func (m *member) Cleanup(sarama.ConsumerGroupSession) error {
	m.partitions.Store(0)
	return nil
}

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		m.see(string(message.Value))
		session.MarkMessage(message, "")
	}
	return nil
}

func (m *member) Partitions() int { return int(m.partitions.Load()) }
func (m *member) Leave() {
	Must(m.group.Close())
	<-m.ended
}

func (c client) Join(group, topic string, see func(value string)) Member {
	joined := &member{group: Got(sarama.NewConsumerGroup(c.bootstrap, group, config())), see: see, ended: make(chan struct{})}
	go func() {
		defer close(joined.ended)
		for {
			err := joined.group.Consume(context.Background(), []string{topic}, joined)
			if errors.Is(err, sarama.ErrClosedConsumerGroup) {
				return
			}
			Must(err)
		}
	}()
	return joined
}

func (c client) Groups() (names []string) {
	for name := range Got(c.admin.ListConsumerGroups()) {
		names = append(names, name)
	}
	return names
}

func (c client) State(group string) string {
	return Got(c.admin.DescribeConsumerGroups([]string{group}))[0].State
}
func (c client) DeleteGroup(group string) { Must(c.admin.DeleteConsumerGroup(group)) }

func (c client) WriteOnce(topic string, values []string) (acknowledged int) {
	settings := config()
	settings.Producer.Idempotent = true
	settings.Producer.RequiredAcks = sarama.WaitForAll
	settings.Net.MaxOpenRequests = 1
	producer := Got(sarama.NewSyncProducer(c.bootstrap, settings))
	defer producer.Close()
	for _, value := range values {
		message := sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder(value)}
		_, _, err := producer.SendMessage(&message)
		Must(err)
		acknowledged++
	}
	return acknowledged
}

func (c client) Delete(topic string) { Must(c.admin.DeleteTopic(topic)) }

func main() {
	Main(func(bootstrap string) Client {
		addresses := []string{bootstrap}
		return client{addresses, Got(sarama.NewClusterAdmin(addresses, config()))}
	})
}
