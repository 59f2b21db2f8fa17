// franz-go does the exercise of test/clients/exercise.ts.
package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	. "evplat/test/go/exercise"
)

var ctx = context.Background()

type client struct {
	bootstrap string
	admin     *kadm.Client
}

func (c client) open(options ...kgo.Opt) *kgo.Client {
	return Got(kgo.NewClient(append(options, kgo.SeedBrokers(c.bootstrap))...))
}

func (c client) Create(topic string, partitions int32, configs map[string]string) int {
	pointers := map[string]*string{}
	for name, value := range configs {
		pointers[name] = &value
	}
	_, err := c.admin.CreateTopic(ctx, partitions, 1, pointers, topic)
	if refused := new(kerr.Error); errors.As(err, &refused) {
		return int(refused.Code)
	}
	Must(err)
	return 0
}

func (c client) Topics() map[string]int {
	counts := map[string]int{}
	for name, details := range Got(c.admin.ListTopics(ctx)) {
		counts[name] = len(details.Partitions)
	}
	return counts
}

func (c client) Retention(topic string) string {
	found := Got(Got(c.admin.DescribeTopicConfigs(ctx, topic)).On(topic, nil))
	at := slices.IndexFunc(found.Configs, func(config kadm.Config) bool { return config.Key == "retention.ms" })
	return *found.Configs[at].Value
}

func (c client) SetRetention(topic, value string) {
	change := kadm.AlterConfig{Op: kadm.SetConfig, Name: "retention.ms", Value: &value}
	Must(Got(Got(c.admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{change}, topic)).On(topic, nil)).Err)
}

func (c client) AddPartitions(topic string, count int) {
	Must(Got(c.admin.UpdatePartitions(ctx, count, topic)).Error())
}

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

func (c client) Write(topic string, partition int32, codec string, records []Record) {
	producer := c.open(kgo.ProducerBatchCompression(codecs[codec]), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer producer.Close()
	sent := []*kgo.Record{}
	for _, record := range records {
		one := kgo.Record{Topic: topic, Partition: partition, Key: record.Key, Value: record.Value}
		if record.Timestamp != 0 {
			one.Timestamp = time.UnixMilli(record.Timestamp)
		}
		for _, header := range record.Headers {
			one.Headers = append(one.Headers, kgo.RecordHeader{Key: header[0], Value: []byte(header[1])})
		}
		sent = append(sent, &one)
	}
	Must(producer.ProduceSync(ctx, sent...).FirstErr())
}

func (c client) Read(topic string, count int) (seen []Record) {
	limited, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	start := map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}
	consumer := c.open(kgo.ConsumePartitions(start))
	defer consumer.Close()
	for len(seen) < count && limited.Err() == nil {
		consumer.PollFetches(limited).EachRecord(func(record *kgo.Record) {
			one := Record{Key: record.Key, Value: record.Value, Timestamp: record.Timestamp.UnixMilli()}
			for _, header := range record.Headers {
				one.Headers = append(one.Headers, [2]string{header.Key, string(header.Value)})
			}
			seen = append(seen, one)
		})
	}
	return seen
}

func offset(listed kadm.ListedOffsets, topic string) int64 {
	found, _ := listed.Lookup(topic, 0)
	Must(found.Err)
	return found.Offset
}

func (c client) Earliest(topic string) int64 {
	return offset(Got(c.admin.ListStartOffsets(ctx, topic)), topic)
}
func (c client) Latest(topic string) int64 {
	return offset(Got(c.admin.ListEndOffsets(ctx, topic)), topic)
}
func (c client) OffsetAt(topic string, milliseconds int64) int64 {
	return offset(Got(c.admin.ListOffsetsAfterMilli(ctx, milliseconds, topic)), topic)
}

func (c client) SetCommitted(group, topic string, at int64) {
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, 0, at, -1)
	Must(c.admin.CommitAllOffsets(ctx, group, offsets))
}

func (c client) Committed(group, topic string) int64 {
	found, _ := Got(c.admin.FetchOffsets(ctx, group)).Lookup(topic, 0)
	return found.At
}

func (c client) DeleteRecords(topic string, before int64) {
	offsets := kadm.Offsets{}
	offsets.AddOffset(topic, 0, before, -1)
	Must(Got(c.admin.DeleteRecords(ctx, offsets)).Error())
}

type member struct {
	consumer   *kgo.Client
	partitions atomic.Int32
}

func (m *member) Partitions() int { return int(m.partitions.Load()) }
func (m *member) Leave() {
	Must(m.consumer.CommitMarkedOffsets(ctx))
	m.consumer.Close()
}

func (c client) Join(group, topic string, see func(value string)) Member {
	joined := &member{}
	count := func(sign int) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, parts map[string][]int32) {
			joined.partitions.Add(int32(sign * len(parts[topic])))
		}
	}
	joined.consumer = c.open(
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.HeartbeatInterval(200*time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.AutoCommitInterval(100*time.Millisecond), kgo.AutoCommitMarks(),
		kgo.OnPartitionsAssigned(count(1)), kgo.OnPartitionsRevoked(count(-1)), kgo.OnPartitionsLost(count(-1)),
	)
	go func() {
		for {
			fetches := joined.consumer.PollFetches(ctx)
			if fetches.IsClientClosed() {
				return
			}
			fetches.EachRecord(func(record *kgo.Record) {
				see(string(record.Value))
				joined.consumer.MarkCommitRecords(record)
			})
		}
	}()
	return joined
}

func (c client) Groups() []string { return Got(c.admin.ListGroups(ctx)).Groups() }
func (c client) State(group string) string {
	return Got(c.admin.DescribeGroups(ctx, group))[group].State
}
func (c client) DeleteGroup(group string) { Must(Got(c.admin.DeleteGroup(ctx, group)).Err) }

func (c client) WriteOnce(topic string, values []string) (acknowledged int) {
	producer := c.open()
	defer producer.Close()
	for _, value := range values {
		Must(producer.ProduceSync(ctx, &kgo.Record{Topic: topic, Value: []byte(value)}).FirstErr())
		acknowledged++
	}
	return acknowledged
}

func (c client) Delete(topic string) { Must(Got(c.admin.DeleteTopic(ctx, topic)).Err) }

func main() {
	Main(func(bootstrap string) Client {
		c := client{bootstrap: bootstrap}
		c.admin = kadm.NewClient(c.open())
		return c
	})
}
