"""The exercise of test/clients/exercise.ts for any client of Python; the clients themselves are in files of their own."""

import json
import sys
import threading
import time

VALUES = [f"{index}:" + "evplat " * 100 for index in range(100)]
HEADERS = [("trace", b"a1"), ("source", b"test")]
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


def text(data):
    return None if data is None else data.decode()


def until(done):
    """Waits at most half a minute."""
    deadline = time.monotonic() + 30
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit("it never came")
        time.sleep(0.02)


class Member(threading.Thread):
    """A member of "workers"; `consumer` polls a list of values, tells how many partitions it has, commits, and closes."""

    def __init__(self, consumer, values):
        super().__init__(daemon=True)
        self.consumer = consumer
        self.values = values
        self.partitions = 0
        self.asked = False
        self.start()

    def run(self):
        while not self.asked:
            got = self.consumer.poll()
            self.values.update(got)
            if got:
                self.consumer.commit()
            self.partitions = self.consumer.partitions()
        self.consumer.close()

    def leave(self):
        self.asked = True
        self.join(30)


def topics(client):
    again = [client.create("fresh", 3, {"retention.ms": "3600000"}) for _ in range(2)][1]
    shapes = client.topics()
    yield "topics", {"listed": "fresh" in shapes, "partitions": shapes.get("fresh"), "again": again}
    before = client.retention("fresh")
    client.set_retention("fresh", "7200000")
    yield "configs", {"before": before, "after": client.retention("fresh")}
    client.add_partitions("fresh", 5)
    until(lambda: client.topics()["fresh"] != 3)
    yield "partitions", client.topics()["fresh"]


def records(client):
    start = int(time.time() * 1000) - 10_000
    client.write("things", [("k1", "v1", HEADERS, start), ("k2", None, [], start + 1000), (None, "v3", [], start + 2000)])
    seen = client.read("things", 3)
    yield "records", [
        {"key": text(key), "value": text(value), "headers": [[name, text(data)] for name, data in headers]}
        for key, value, headers, _ in seen
    ]
    yield "timestamps", [timestamp - start for _, _, _, timestamp in seen]
    latest = client.offset("things", "latest")
    second = client.offset("things", start + 1000)
    yield "times", {"earliest": client.offset("things", "earliest"), "second": second, "latest": latest}
    client.set_committed("reader", "things", 2)
    committed = client.committed("reader", "things")
    yield "lag", {"committed": committed, "lag": latest - committed}
    client.delete_records("things", 1)
    yield "deleteRecords", client.offset("things", "earliest")


def codecs(client):
    counts = {}
    for codec in CODECS:
        client.write(f"codec-{codec}", [(None, value, [], None) for value in VALUES], codec)
        seen = client.read(f"codec-{codec}", len(VALUES))
        counts[codec] = sum(text(value) == VALUES[index] for index, (_, value, _, _) in enumerate(seen))
    yield "codecs", counts


def groups(client):
    values = set()
    members = []
    rounds = []

    def parted():
        return sorted(member.partitions for member in members)

    def play_round(wanted):
        number = len(rounds)
        until(lambda: parted() == wanted)
        for partition in range(6):
            sent = [(None, f"{partition}-{number}-{i}", [], None) for i in range(10)]
            client.write("work", sent, "none", partition)
        until(lambda: len(values) >= (number + 1) * 60)
        rounds.append({"parted": parted(), "seen": len(values)})

    members.append(Member(client.join("workers", "work"), values))
    play_round([6])
    members.extend(Member(client.join("workers", "work"), values) for _ in range(2))
    play_round([2, 2, 2])
    members.pop().leave()
    play_round([3, 3])
    for member in members:
        member.leave()
    yield "groups", rounds
    listed = "workers" in client.groups()
    state = client.state("workers")
    client.delete_group("workers")
    yield "groupAdmin", {"listed": listed, "state": state, "listedAfter": "workers" in client.groups()}


def deletion(client):
    yield "idempotence", client.write_once("once", [str(number) for number in range(50)])
    client.delete("fresh")
    until(lambda: "fresh" not in client.topics())
    yield "deleteTopics", {"listedAfter": "fresh" in client.topics()}


def main(connect):
    """Connects a client to the address that is given, lets it play, and prints the report."""
    client = connect(sys.argv[1])
    parts = (topics, records, codecs, groups, deletion)
    print(json.dumps(dict(seen for part in parts for seen in part(client))))
