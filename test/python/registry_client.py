"""confluent-kafka's registry client and Avro serializers at work on a registry; prints what it saw as one JSON object.

usage: registry_client.py URL
"""

import json
import sys

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

ORDER = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
}
WITHOUT_NOTE = {**ORDER, "fields": ORDER["fields"][:1]}
WITH_EMAIL = {**ORDER, "fields": [*ORDER["fields"], {"name": "email", "type": "string"}]}
MONEY = {"type": "record", "name": "Money", "namespace": "shop", "fields": [{"name": "cents", "type": "long"}]}
BILL = {"type": "record", "name": "Bill", "namespace": "shop", "fields": [{"name": "total", "type": "shop.Money"}]}


def avro(schema, references=()):
    return Schema(json.dumps(schema), "AVRO", list(references))


def refusal(call, *args, **kwargs):
    """The error code with which a call is refused."""
    try:
        call(*args, **kwargs)
    except SchemaRegistryError as error:
        return [error.http_status_code, error.error_code]
    return "not refused"


def main(url):
    client = SchemaRegistryClient({"url": url})
    seen = {}

    seen["registered"] = client.register_schema("orders-value", avro(WITHOUT_NOTE))
    seen["again"] = client.register_schema("orders-value", avro(WITHOUT_NOTE), normalize_schemas=True)
    seen["next"] = client.register_schema("orders-value", avro(ORDER))
    seen["incompatible"] = refusal(client.register_schema, "orders-value", avro(WITH_EMAIL))
    seen["tested"] = [
        client.test_compatibility("orders-value", avro(ORDER)),
        client.test_compatibility("orders-value", avro(WITH_EMAIL)),
        client.test_compatibility("orders-value", avro(ORDER), version=1),
    ]

    context = SerializationContext("orders", MessageField.VALUE)
    serialize = AvroSerializer(client, json.dumps(ORDER), conf={"auto.register.schemas": False})
    data = serialize({"id": 2**53 + 1, "note": "hello"}, context)
    fresh = SchemaRegistryClient({"url": url})
    seen["bytes"] = data.hex()
    seen["decoded"] = AvroDeserializer(fresh)(data, context)
    seen["decoded with the older schema"] = AvroDeserializer(fresh, json.dumps(WITHOUT_NOTE))(data, context)
    latest = AvroSerializer(client, conf={"auto.register.schemas": False, "use.latest.version": True})
    seen["latest bytes"] = latest({"id": 1, "note": None}, context).hex()

    client.register_schema("shop.Money", avro(MONEY))
    reference = SchemaReference("shop.Money", "shop.Money", 1)
    bills = SerializationContext("bills", MessageField.VALUE)
    data = AvroSerializer(client, avro(BILL, [reference]))({"total": {"cents": 99}}, bills)
    seen["bill"] = AvroDeserializer(SchemaRegistryClient({"url": url}))(data, bills)

    seen["subjects"] = client.get_subjects()
    seen["versions"] = client.get_versions("orders-value")
    version = client.get_version("orders-value", 2)
    seen["version"] = [version.subject, version.version, version.schema_id, json.loads(version.schema.schema_str)]
    seen["latest"] = client.get_latest_version("orders-value").version
    seen["looked up"] = client.lookup_schema("orders-value", avro(WITHOUT_NOTE)).version
    seen["references"] = [
        {"name": r.name, "subject": r.subject, "version": r.version}
        for r in client.get_latest_version("bills-value").schema.references
    ]

    client.set_compatibility("orders-value", "FULL_TRANSITIVE")
    client.set_compatibility(level="NONE")
    seen["levels"] = [client.get_compatibility("orders-value"), client.get_compatibility()]

    seen["refused"] = {
        "unknown subject": refusal(client.get_versions, "none"),
        "unknown version": refusal(client.get_version, "orders-value", 9),
        "unknown id": refusal(client.get_schema, 99),
        "no level": refusal(client.get_compatibility, "none"),
        "invalid schema": refusal(client.register_schema, "bad-value", Schema('{"type":"recor"}', "AVRO")),
        "other type": refusal(client.register_schema, "bad-value", Schema("{}", "JSON")),
        "referenced": refusal(client.delete_subject, "shop.Money"),
    }
    seen["deleted"] = [
        client.delete_version("orders-value", 1),
        client.delete_subject("orders-value"),
        client.delete_subject("orders-value", permanent=True),
    ]
    print(json.dumps(seen))


main(sys.argv[1])
