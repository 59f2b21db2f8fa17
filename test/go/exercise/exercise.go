// Package exercise is the exercise of test/clients/exercise.ts for any client of Go.
package exercise

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// Record is one to write or one that was read; a nil slice is null.
type Record struct {
	Key, Value []byte
	Headers    [][2]string
	Timestamp  int64
}

// Member of a group that runs until it leaves.
type Member interface {
	Partitions() int
	Leave()
}

// Client is what a client has to have for the exercise. It panics where something fails; Create answers with Kafka's error code.
type Client interface {
	Create(topic string, partitions int32, configs map[string]string) int
	Topics() map[string]int
	Retention(topic string) string
	SetRetention(topic, value string)
	AddPartitions(topic string, count int)
	Write(topic string, partition int32, codec string, records []Record)
	Read(topic string, count int) []Record
	Earliest(topic string) int64
	Latest(topic string) int64
	OffsetAt(topic string, milliseconds int64) int64
	SetCommitted(group, topic string, offset int64)
	Committed(group, topic string) int64
	DeleteRecords(topic string, before int64)
	Join(group, topic string, see func(value string)) Member
	Groups() []string
	State(group string) string
	DeleteGroup(group string)
	WriteOnce(topic string, values []string) int
	Delete(topic string)
}

type object map[string]any

// Must ends the program with the error, if there is one.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Got is the value, where there is no error.
func Got[T any](value T, err error) T {
	Must(err)
	return value
}

// Until waits at most half a minute.
func Until(what string, done func() bool) {
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			panic("it never came: " + what)
		}
	}
}

func text(data []byte) any {
	if data == nil {
		return nil
	}
	return string(data)
}

func topics(client Client, report object) {
	configs := map[string]string{"retention.ms": "3600000"}
	client.Create("fresh", 3, configs)
	again := client.Create("fresh", 3, configs)
	partitions, listed := client.Topics()["fresh"]
	report["topics"] = object{"listed": listed, "partitions": partitions, "again": again}
	before := client.Retention("fresh")
	client.SetRetention("fresh", "7200000")
	report["configs"] = object{"before": before, "after": client.Retention("fresh")}
	client.AddPartitions("fresh", 5)
	// a client may answer from what it keeps of the metadata, for a while
	Until("more partitions", func() bool { return client.Topics()["fresh"] == 5 })
	report["partitions"] = client.Topics()["fresh"]
}

func records(client Client, report object) {
	start := time.Now().UnixMilli() - 10_000
	headers := [][2]string{{"trace", "a1"}, {"source", "test"}}
	client.Write("things", 0, "none", []Record{
		{Key: []byte("k1"), Value: []byte("v1"), Headers: headers, Timestamp: start},
		{Key: []byte("k2"), Timestamp: start + 1000},
		{Value: []byte("v3"), Timestamp: start + 2000},
	})
	seen, times := []object{}, []int64{}
	for _, record := range client.Read("things", 3) {
		headers := append([][2]string{}, record.Headers...)
		seen = append(seen, object{"key": text(record.Key), "value": text(record.Value), "headers": headers})
		times = append(times, record.Timestamp-start)
	}
	report["records"], report["timestamps"] = seen, times
	latest := client.Latest("things")
	report["times"] = object{"earliest": client.Earliest("things"), "second": client.OffsetAt("things", start+1000), "latest": latest}
	client.SetCommitted("reader", "things", 2)
	committed := client.Committed("reader", "things")
	report["lag"] = object{"committed": committed, "lag": latest - committed}
	client.DeleteRecords("things", 1)
	report["deleteRecords"] = client.Earliest("things")
}

func codecs(client Client, report object) {
	counts := object{}
	sent := make([]Record, 100)
	for i := range sent {
		sent[i].Value = []byte(fmt.Sprintf("%d:%s", i, strings.Repeat("evplat ", 100)))
	}
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		client.Write("codec-"+codec, 0, codec, sent)
		count := 0
		for i, record := range client.Read("codec-"+codec, len(sent)) {
			if string(record.Value) == string(sent[i].Value) {
				count++
			}
		}
		counts[codec] = count
	}
	report["codecs"] = counts
}

func groups(client Client, report object) {
	var values sync.Map
	seen := func() (count int) {
		values.Range(func(any, any) bool { count++; return true })
		return count
	}
	members, rounds := []Member{}, []object{}
	join := func() {
		members = append(members, client.Join("workers", "work", func(value string) { values.Store(value, true) }))
	}
	parted := func() []int {
		counts := []int{}
		for _, member := range members {
			counts = append(counts, member.Partitions())
		}
		sort.Ints(counts)
		return counts
	}
	round := func(wanted ...int) {
		Until(fmt.Sprint("parted as ", wanted), func() bool { return slices.Equal(parted(), wanted) })
		for p := range int32(6) {
			sent := make([]Record, 10)
			for i := range sent {
				sent[i].Value = []byte(fmt.Sprintf("%d-%d-%d", p, len(rounds), i))
			}
			client.Write("work", p, "none", sent)
		}
		Until("all records", func() bool { return seen() >= (len(rounds)+1)*60 })
		rounds = append(rounds, object{"parted": parted(), "seen": seen()})
	}
	join()
	round(6)
	join()
	join()
	round(2, 2, 2)
	members[2].Leave()
	members = members[:2]
	round(3, 3)
	for _, member := range members {
		member.Leave()
	}
	report["groups"] = rounds
	isListed := func() bool { return slices.Contains(client.Groups(), "workers") }
	listed, state := isListed(), client.State("workers")
	client.DeleteGroup("workers")
	report["groupAdmin"] = object{"listed": listed, "state": state, "listedAfter": isListed()}
}

func deletion(client Client, report object) {
	values := make([]string, 50)
	for i := range values {
		values[i] = fmt.Sprint(i)
	}
	report["idempotence"] = client.WriteOnce("once", values)
	client.Delete("fresh")
	isListed := func() bool { _, listed := client.Topics()["fresh"]; return listed }
	Until("the topic gone", func() bool { return !isListed() })
	report["deleteTopics"] = object{"listedAfter": isListed()}
}

// Main lets a client play at the address that is given, and prints the report.
func Main(connect func(bootstrap string) Client) {
	client, report := connect(os.Args[1]), object{}
	for _, part := range []func(Client, object){topics, records, codecs, groups, deletion} {
		part(client, report)
	}
	Must(json.NewEncoder(os.Stdout).Encode(report))
}
