import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Avro records as Confluent's serializers write and read them: their own registry client (as Apache Flink ships it; the serializers
 * themselves are not on Maven Central), Apache Avro, Java's client of Kafka. The first line of the input says what to do, see `main`.
 * Events are JSON as in AvroJson.
 */
public class ConfluentAvro {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String[] words = in.readLine().split(" ");
        switch (words[0]) {
            // write BOOTSTRAP REGISTRY TOPIC register|lookup, the schema, then {"key", "value"} a line; prints the schema's id
            case "write" -> write(words, in.readLine(), in.lines().toList());
            // read BOOTSTRAP REGISTRY TOPIC generic|specific; prints {"key", "value", "class"} a line, by partition
            case "read" -> read(words);
            default -> throw new IllegalArgumentException(words[0]);
        }
        OUT.flush();
    }

    private static CachedSchemaRegistryClient registry(String url) {
        return new CachedSchemaRegistryClient(url, 100);
    }

    private static void write(String[] words, String text, List<String> lines) throws Exception {
        String topic = words[3];
        AvroSchema registered = new AvroSchema(text);
        CachedSchemaRegistryClient registry = registry(words[2]);
        String subject = topic + "-value";
        // auto.register.schemas true or false
        int id = words[4].equals("register") ? registry.register(subject, registered) : registry.getId(subject, registered);
        Schema schema = new Schema.Parser().parse(text);
        Map<String, Object> settings = Map.of("bootstrap.servers", words[1], "acks", "all", "linger.ms", 5);
        List<Future<?>> sent = new ArrayList<>();
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (String line : lines) {
                JsonNode record = JSON.readTree(line);
                JsonNode value = record.get("value");
                byte[] bytes = value.isNull() ? null : serialize(id, schema, AvroJson.fromJson(schema, value));
                sent.add(producer.send(new ProducerRecord<>(topic, record.get("key").textValue(), bytes)));
            }
            for (Future<?> each : sent) each.get();
        }
        OUT.println(id);
    }

    /** A zero, the id, Avro's binary. */
    private static byte[] serialize(int id, Schema schema, Object value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(ByteBuffer.allocate(4).putInt(id).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(schema, AvroJson.LOGICAL).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static void read(String[] words) throws Exception {
        CachedSchemaRegistryClient registry = registry(words[2]);
        Map<Integer, DatumReader<Object>> readers = new HashMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", words[1]);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            consumer.partitionsFor(words[3]).forEach(each -> all.add(new TopicPartition(words[3], each.partition())));
            for (TopicPartition partition : all) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end)
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                        byte[] bytes = record.value();
                        Object value = bytes == null ? null : deserialize(bytes, readers, registry, words[4].equals("specific"));
                        print(record.key(), value);
                    }
            }
        }
    }

    private static Object deserialize(
        byte[] bytes, Map<Integer, DatumReader<Object>> readers, CachedSchemaRegistryClient registry, boolean specific
    ) throws Exception {
        if (bytes[0] != 0) throw new IllegalStateException("no magic byte");
        int id = ByteBuffer.wrap(bytes, 1, 4).getInt();
        if (!readers.containsKey(id)) readers.put(id, reader(registry.getSchemaById(id).canonicalString(), specific));
        return readers.get(id).read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    }

    private static DatumReader<Object> reader(String text, boolean specific) throws Exception {
        Schema writer = new Schema.Parser().parse(text);
        if (!specific) return new GenericDatumReader<>(writer, writer, AvroJson.LOGICAL);
        Class<?> type = Class.forName(writer.getFullName());
        Schema own = (Schema) type.getMethod("getClassSchema").invoke(null);
        return new SpecificDatumReader<>(writer, own);
    }

    private static void print(String key, Object value) throws Exception {
        ObjectNode line = NODES.objectNode().put("key", key);
        line.set("value", value == null ? NODES.nullNode() : AvroJson.toJson(((IndexedRecord) value).getSchema(), value));
        if (value != null) line.put("class", value.getClass().getName());
        OUT.println(JSON.writeValueAsString(line));
    }
}
