"""confluent-kafka's consumer, producer and Avro (de)serialisers on a cluster and a registry.

usage: avro_records.py read BOOTSTRAP URL TOPIC COUNT [READER_SCHEMA]    prints a JSON array of values, in the order of one partition
       avro_records.py write BOOTSTRAP URL TOPIC VERSION VALUES     writes a JSON array with that version of the topic's subject

What JSON has no word for stands as {"$decimal": "1.5"}, {"$instant": "2026-01-31T10:00:00.123Z"}, {"$date": "2026-01-31"},
{"$uuid": "..."}, {"$bytes": "00ff"}; a value of a union with several records as ["shop.Card", {...}].
"""

import datetime
import decimal
import json
import sys
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

UTC = datetime.timezone.utc


def tagged(value):
    """A value as JSON."""
    if isinstance(value, decimal.Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime.datetime):
        return {"$instant": value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, uuid.UUID):
        return {"$uuid": str(value)}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, dict):
        return {key: tagged(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [tagged(item) for item in value]
    return value


TAGS = {
    "$decimal": decimal.Decimal,
    "$instant": lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")),
    "$date": datetime.date.fromisoformat,
    "$uuid": uuid.UUID,
    "$bytes": bytes.fromhex,
}


def untagged(value):
    """JSON as a value."""
    if isinstance(value, dict):
        for tag, read in TAGS.items():
            if list(value) == [tag]:
                return read(value[tag])
        return {key: untagged(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [untagged(item) for item in value]
        is_branch = len(items) == 2 and isinstance(items[0], str) and isinstance(items[1], dict) and "." in items[0]
        return tuple(items) if is_branch else items
    return value


def read(bootstrap, url, topic, count, reader_schema=None):
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": url}), reader_schema)
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "python", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    context = SerializationContext(topic, MessageField.VALUE)
    values = []
    while len(values) < int(count):
        message = consumer.poll(30)
        if message is None:
            raise SystemExit(f"only {len(values)} records after half a minute")
        if message.error():
            raise SystemExit(str(message.error()))
        values.append(tagged(deserialize(message.value(), context)))
    consumer.close()
    print(json.dumps(values))


def write(bootstrap, url, topic, version, values):
    client = SchemaRegistryClient({"url": url})
    registered = client.get_version(f"{topic}-value", int(version)).schema
    schema = Schema(registered.schema_str, "AVRO", registered.references)
    serialize = AvroSerializer(client, schema, conf={"auto.register.schemas": False})
    context = SerializationContext(topic, MessageField.VALUE)
    producer = Producer({"bootstrap.servers": bootstrap})
    for value in json.loads(values):
        producer.produce(topic, serialize(untagged(value), context), key="python")
    left = producer.flush(30)
    if left > 0:
        raise SystemExit(f"{left} records were not acknowledged")


{"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])
