import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The exercise of test/clients/exercise.ts by Java's clients: reads the bootstrap address, prints the report. */
public class ClientExercise {
    private static final TopicPartition THINGS = new TopicPartition("things", 0);
    private static String bootstrap;
    private static Admin admin;

    public static void main(String[] args) throws Exception {
        bootstrap = new Scanner(System.in).nextLine();
        Map<String, Object> report = new LinkedHashMap<>();
        try (Admin opened = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin = opened;
            topics(report);
            records(report);
            codecs(report);
            groups(report);
            report.put("idempotence", once());
            admin.deleteTopics(List.of("fresh")).all().get();
            report.put("deleteTopics", Map.of("listedAfter", isListed("fresh")));
        }
        System.out.println(new ObjectMapper().writeValueAsString(report));
    }

    private static boolean isListed(String topic) throws Exception {
        return admin.listTopics().names().get().contains(topic);
    }

    private static int partitions() throws Exception {
        return admin.describeTopics(List.of("fresh")).allTopicNames().get().get("fresh").partitions().size();
    }

    private static String retention(ConfigResource resource) throws Exception {
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get("retention.ms").value();
    }

    private static void topics(Map<String, Object> report) throws Exception {
        NewTopic fresh = new NewTopic("fresh", 3, (short) 1).configs(Map.of("retention.ms", "3600000"));
        admin.createTopics(List.of(fresh)).all().get();
        int again = 0;
        try {
            admin.createTopics(List.of(fresh)).all().get();
        } catch (ExecutionException refused) {
            again = Errors.forException(refused.getCause()).code();
        }
        report.put("topics", Map.of("listed", isListed("fresh"), "partitions", partitions(), "again", again));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, "fresh");
        String before = retention(resource);
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry("retention.ms", "7200000"), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
        report.put("configs", Map.of("before", before, "after", retention(resource)));
        admin.createPartitions(Map.of("fresh", NewPartitions.increaseTo(5))).all().get();
        report.put("partitions", partitions());
    }

    private static KafkaProducer<String, String> producer(String codec, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "compression.type", codec));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String group) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"));
        settings.putAll(Map.of("group.id", group, "heartbeat.interval.ms", 200, "enable.auto.commit", false));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Reads so many records of a topic's one partition. */
    private static List<ConsumerRecord<String, String>> read(String topic, int count) {
        List<ConsumerRecord<String, String>> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer("reads-" + topic)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (seen.size() < count && System.nanoTime() < deadline)
                consumer.poll(Duration.ofMillis(100)).forEach(seen::add);
        }
        return seen;
    }

    private static long offset(OffsetSpec spec) throws Exception {
        ListOffsetsResult.ListOffsetsResultInfo found = admin.listOffsets(Map.of(THINGS, spec)).all().get().get(THINGS);
        return found.offset();
    }

    private static void records(Map<String, Object> report) throws Exception {
        long start = System.currentTimeMillis() - 10_000;
        try (KafkaProducer<String, String> producer = producer("none", Map.of())) {
            ProducerRecord<String, String> first = new ProducerRecord<>("things", 0, start, "k1", "v1");
            first.headers().add("trace", "a1".getBytes()).add("source", "test".getBytes());
            producer.send(first);
            producer.send(new ProducerRecord<>("things", 0, start + 1000, "k2", (String) null));
            producer.send(new ProducerRecord<>("things", 0, start + 2000, null, "v3")).get();
        }
        List<Object> records = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        for (ConsumerRecord<String, String> record : read("things", 3)) {
            List<List<String>> headers = new ArrayList<>();
            record.headers().forEach(header -> headers.add(List.of(header.key(), new String(header.value()))));
            Map<String, Object> seen = new HashMap<>();
            seen.put("key", record.key());
            seen.put("value", record.value());
            seen.put("headers", headers);
            records.add(seen);
            timestamps.add(record.timestamp() - start);
        }
        report.put("records", records);
        report.put("timestamps", timestamps);
        long latest = offset(OffsetSpec.latest());
        long second = offset(OffsetSpec.forTimestamp(start + 1000));
        report.put("times", Map.of("earliest", offset(OffsetSpec.earliest()), "second", second, "latest", latest));
        try (KafkaConsumer<String, String> consumer = consumer("reader")) {
            consumer.assign(List.of(THINGS));
            consumer.commitSync(Map.of(THINGS, new OffsetAndMetadata(2)));
        }
        long committed = admin.listConsumerGroupOffsets("reader").partitionsToOffsetAndMetadata().get().get(THINGS).offset();
        report.put("lag", Map.of("committed", committed, "lag", latest - committed));
        admin.deleteRecords(Map.of(THINGS, RecordsToDelete.beforeOffset(1))).all().get();
        report.put("deleteRecords", offset(OffsetSpec.earliest()));
    }

    private static void codecs(Map<String, Object> report) {
        List<String> values = IntStream.range(0, 100).mapToObj(i -> i + ":" + "evplat ".repeat(100)).toList();
        Map<String, Object> counts = new HashMap<>();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            String topic = "codec-" + codec;
            try (KafkaProducer<String, String> producer = producer(codec, Map.of("linger.ms", 20))) {
                values.forEach(value -> producer.send(new ProducerRecord<>(topic, value)));
            }
            List<ConsumerRecord<String, String>> seen = read(topic, 100);
            counts.put(codec, IntStream.range(0, seen.size()).filter(i -> seen.get(i).value().equals(values.get(i))).count());
        }
        report.put("codecs", counts);
    }

    /** A member of "workers" in a thread of its own. */
    private static class Member extends Thread {
        final KafkaConsumer<String, String> consumer = consumer("workers");
        final Set<String> values;
        volatile int partitions;

        Member(Set<String> values) {
            this.values = values;
            start();
        }

        @Override
        public void run() {
            try (consumer) {
                consumer.subscribe(List.of("work"));
                while (true) {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                    consumer.commitSync();
                    partitions = consumer.assignment().size();
                }
            } catch (WakeupException asked) {
                partitions = 0;
            }
        }

        void leave() throws InterruptedException {
            consumer.wakeup();
            join();
        }
    }

    private static Map<String, Object> round(Collection<Member> members, Set<String> values, int number) throws Exception {
        int[] wanted = members.stream().mapToInt(member -> 6 / members.size()).toArray();
        int[] parted = {};
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!Arrays.equals(parted, wanted) && System.nanoTime() < deadline) {
            Thread.sleep(20);
            parted = members.stream().mapToInt(member -> member.partitions).sorted().toArray();
        }
        try (KafkaProducer<String, String> producer = producer("none", Map.of())) {
            for (int p = 0; p < 6; p++)
                for (int i = 0; i < 10; i++)
                    producer.send(new ProducerRecord<>("work", p, null, p + "-" + number + "-" + i));
        }
        while (values.size() < (number + 1) * 60 && System.nanoTime() < deadline) Thread.sleep(20);
        return Map.of("parted", parted, "seen", values.size());
    }

    private static boolean isGroup() throws Exception {
        return admin.listConsumerGroups().all().get().stream().anyMatch(group -> group.groupId().equals("workers"));
    }

    private static void groups(Map<String, Object> report) throws Exception {
        Set<String> values = Collections.newSetFromMap(new ConcurrentHashMap<>());
        List<Member> members = new ArrayList<>(List.of(new Member(values)));
        List<Object> rounds = new ArrayList<>(List.of(round(members, values, 0)));
        members.addAll(List.of(new Member(values), new Member(values)));
        rounds.add(round(members, values, 1));
        members.remove(2).leave();
        rounds.add(round(members, values, 2));
        for (Member member : members) member.leave();
        report.put("groups", rounds);
        boolean listed = isGroup();
        String state = admin.describeConsumerGroups(List.of("workers")).all().get().get("workers").state().toString();
        admin.deleteConsumerGroups(List.of("workers")).all().get();
        report.put("groupAdmin", Map.of("listed", listed, "state", state, "listedAfter", isGroup()));
    }

    private static int once() throws Exception {
        int acknowledged = 0;
        try (KafkaProducer<String, String> producer = producer("none", Map.of("enable.idempotence", true))) {
            for (; acknowledged < 50; acknowledged++)
                producer.send(new ProducerRecord<>("once", String.valueOf(acknowledged))).get();
        }
        return acknowledged;
    }
}
