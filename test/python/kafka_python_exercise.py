"""kafka-python does the exercise of test/clients/exercise.ts.

usage: kafka_python_exercise.py BOOTSTRAP
"""

import time

from exercise import main
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, OffsetSpec
from kafka.errors import BrokerResponseError
from kafka.structs import OffsetAndMetadata


class Joined:
    def __init__(self, consumer):
        self.consumer = consumer

    def poll(self):
        return [record.value.decode() for records in self.consumer.poll(100).values() for record in records]

    def partitions(self):
        return len(self.consumer.assignment())

    def commit(self):
        self.consumer.commit()

    def close(self):
        self.consumer.close()


class Client:
    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.admin = KafkaAdminClient(bootstrap_servers=bootstrap)

    def create(self, topic, partitions, configs):
        options = {"num_partitions": partitions, "replication_factor": 1, "configs": configs}
        try:
            self.admin.create_topics({topic: options})
            return 0
        except BrokerResponseError as refused:
            return refused.errno

    def topics(self):
        return {topic["name"]: len(topic["partitions"]) for topic in self.admin.describe_topics()}

    def retention(self, topic):
        asked = ConfigResource("TOPIC", topic, {"retention.ms": None})
        found = self.admin.describe_configs([asked], config_filter="all")
        (of_topics,) = found.values()
        return of_topics[topic]["retention.ms"]["value"]

    def set_retention(self, topic, value):
        self.admin.alter_configs([ConfigResource("TOPIC", topic, {"retention.ms": value})])

    def add_partitions(self, topic, count):
        self.admin.create_partitions({topic: count})

    def producer(self, codec, **more):
        compression = None if codec == "none" else codec
        return KafkaProducer(bootstrap_servers=self.bootstrap, compression_type=compression, **more)

    def write(self, topic, records, codec="none", partition=0):
        producer = self.producer(codec, linger_ms=20)
        for key, value, headers, timestamp in records:
            key, value = (data and data.encode() for data in (key, value))
            producer.send(topic, value, key, headers, partition, timestamp)
        producer.flush(30)
        producer.close()

    def write_once(self, topic, values):
        producer = self.producer("none", enable_idempotence=True)
        acknowledged = [producer.send(topic, value.encode()).get(30) for value in values]
        producer.close()
        return len(acknowledged)

    def consumer(self, group):
        return KafkaConsumer(
            bootstrap_servers=self.bootstrap,
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            heartbeat_interval_ms=200,
        )

    def read(self, topic, count):
        consumer = self.consumer(f"reads-{topic}")
        consumer.assign([TopicPartition(topic, 0)])
        seen = []
        deadline = time.monotonic() + 30
        while len(seen) < count and time.monotonic() < deadline:
            seen += [record for records in consumer.poll(200).values() for record in records]
        consumer.close()
        return [(record.key, record.value, record.headers, record.timestamp) for record in seen]

    def offset(self, topic, at):
        named = {"earliest": OffsetSpec.EARLIEST, "latest": OffsetSpec.LATEST}
        (found,) = self.admin.list_partition_offsets({TopicPartition(topic, 0): named.get(at, at)}).values()
        return found.offset

    def set_committed(self, group, topic, offset):
        self.admin.alter_group_offsets(group, {TopicPartition(topic, 0): OffsetAndMetadata(offset, "", -1)})

    def committed(self, group, topic):
        return self.admin.list_group_offsets(group)[group][TopicPartition(topic, 0)].offset

    def delete_records(self, topic, before):
        self.admin.delete_records({TopicPartition(topic, 0): before})

    def join(self, group, topic):
        consumer = self.consumer(group)
        consumer.subscribe([topic])
        return Joined(consumer)

    def groups(self):
        return [group["group_id"] for group in self.admin.list_groups()]

    def state(self, group):
        return self.admin.describe_groups([group])[group]["group_state"]

    def delete_group(self, group):
        self.admin.delete_groups([group])

    def delete(self, topic):
        self.admin.delete_topics([topic])


main(Client)
