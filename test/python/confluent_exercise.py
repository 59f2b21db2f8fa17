"""confluent-kafka (librdkafka) does the exercise of test/clients/exercise.ts.

usage: confluent_exercise.py BOOTSTRAP
"""

import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)
from exercise import main


def done(futures):
    """The answers to a request, by what was asked."""
    return {asked: future.result(30) for asked, future in futures.items()}


class Joined:
    def __init__(self, consumer):
        self.consumer = consumer

    def poll(self):
        return [message.value().decode() for message in self.consumer.consume(100, 0.1) if not message.error()]

    def partitions(self):
        return len(self.consumer.assignment())

    def commit(self):
        self.consumer.commit(asynchronous=False)

    def close(self):
        self.consumer.close()


class Client:
    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.admin = AdminClient({"bootstrap.servers": bootstrap})

    def create(self, topic, partitions, configs):
        try:
            done(self.admin.create_topics([NewTopic(topic, partitions, 1, config=configs)]))
            return 0
        except KafkaException as refused:
            return refused.args[0].code()

    def topics(self):
        return {name: len(topic.partitions) for name, topic in self.admin.list_topics(timeout=30).topics.items()}

    def retention(self, topic):
        (configs,) = done(self.admin.describe_configs([ConfigResource("topic", topic)])).values()
        return configs["retention.ms"].value

    def set_retention(self, topic, value):
        change = ConfigEntry("retention.ms", value, incremental_operation=AlterConfigOpType.SET)
        done(self.admin.incremental_alter_configs([ConfigResource("topic", topic, incremental_configs=[change])]))

    def add_partitions(self, topic, count):
        done(self.admin.create_partitions([NewPartitions(topic, count)]))

    def producer(self, codec, **more):
        return Producer({"bootstrap.servers": self.bootstrap, "compression.type": codec, **more})

    def write(self, topic, records, codec="none", partition=0):
        producer = self.producer(codec, **{"linger.ms": 20})
        for key, value, headers, timestamp in records:
            producer.produce(topic, value, key, partition, headers=headers, timestamp=timestamp or 0)
        if producer.flush(30) > 0:
            raise SystemExit("not all records were acknowledged")

    def write_once(self, topic, values):
        producer = self.producer("none", **{"enable.idempotence": True})
        acknowledged = []
        for value in values:
            producer.produce(topic, value, on_delivery=lambda error, _: error or acknowledged.append(1))
            producer.flush(30)
        return len(acknowledged)

    def consumer(self, group):
        settings = {"enable.auto.commit": False, "auto.offset.reset": "earliest", "heartbeat.interval.ms": 200}
        return Consumer({"bootstrap.servers": self.bootstrap, "group.id": group, **settings})

    def read(self, topic, count):
        consumer = self.consumer(f"reads-{topic}")
        consumer.assign([TopicPartition(topic, 0, 0)])
        seen = []
        deadline = time.monotonic() + 30
        while len(seen) < count and time.monotonic() < deadline:
            seen += [message for message in consumer.consume(100, 0.2) if not message.error()]
        consumer.close()
        return [(m.key(), m.value(), m.headers() or [], m.timestamp()[1]) for m in seen]

    def offset(self, topic, at):
        named = {"earliest": OffsetSpec.earliest, "latest": OffsetSpec.latest}
        spec = named[at]() if at in named else OffsetSpec.for_timestamp(at)
        (found,) = done(self.admin.list_offsets({TopicPartition(topic, 0): spec})).values()
        return found.offset

    def set_committed(self, group, topic, offset):
        wanted = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, offset)])
        done(self.admin.alter_consumer_group_offsets([wanted]))

    def committed(self, group, topic):
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0)])
        (found,) = done(self.admin.list_consumer_group_offsets([asked])).values()
        return found.topic_partitions[0].offset

    def delete_records(self, topic, before):
        done(self.admin.delete_records([TopicPartition(topic, 0, before)]))

    def join(self, group, topic):
        consumer = self.consumer(group)
        consumer.subscribe([topic])
        return Joined(consumer)

    def groups(self):
        return [group.group_id for group in self.admin.list_consumer_groups().result(30).valid]

    def state(self, group):
        (described,) = done(self.admin.describe_consumer_groups([group])).values()
        return described.state.name.capitalize()

    def delete_group(self, group):
        done(self.admin.delete_consumer_groups([group]))

    def delete(self, topic):
        done(self.admin.delete_topics([topic]))


main(Client)
