import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Exit;

/**
 * Many runs of Kafka's own programs in one JVM, and what they can't say: records byte by byte, transactions that stay open. A line asks,
 * a line answers: see kafka-shell.ts. A question is words in base64 (input, then a main class or a word of `run`, then arguments).
 */
public class KafkaShell {
    /** What a program that ends itself throws instead; some catch it and end themselves again. */
    private static class Ended extends RuntimeException {
        Ended() {
            super("ended", null, false, false);
        }
    }

    /** A stream whose end can be changed: some programs keep the stream that they find first. */
    private static class Redirected extends OutputStream {
        ByteArrayOutputStream target = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            target.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            target.write(bytes, from, length);
        }

        synchronized String take() {
            String text = Base64.getEncoder().encodeToString(target.toByteArray());
            target = new ByteArrayOutputStream();
            return text;
        }
    }

    private static final HexFormat HEX = HexFormat.of();
    private static final Map<String, KafkaProducer<byte[], byte[]>> TRANSACTIONS = new HashMap<>();
    /** the code with which a program ended itself first, or -1 */
    private static int endedWith = -1;

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
        Redirected out = new Redirected();
        Redirected err = new Redirected();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        Exit.setExitProcedure((code, message) -> end(code));
        Exit.setHaltProcedure((code, message) -> end(code));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] words = line.split(" ", -1);
            for (int i = 0; i < words.length; i++)
                if (i > 0) words[i] = new String(Base64.getDecoder().decode(words[i]), StandardCharsets.UTF_8);
            System.setIn(new ByteArrayInputStream(Base64.getDecoder().decode(words[0])));
            int code = run(words[1], java.util.Arrays.copyOfRange(words, 2, words.length));
            System.out.flush();
            System.err.flush();
            answers.println(code + " " + out.take() + " " + err.take());
            answers.flush();
        }
    }

    private static void end(int code) {
        if (endedWith < 0) endedWith = code;
        throw new Ended();
    }

    private static int run(String what, String[] args) {
        endedWith = -1;
        try {
            switch (what) {
                case "write":
                    write(args[0], args[1], lines());
                    return 0;
                case "read":
                    read(args[0], args[1], args[2]);
                    return 0;
                case "begin":
                    begin(args[0], args[1], args[2], lines());
                    return 0;
                case "end":
                    end(args[0], args[1].equals("commit"));
                    return 0;
                default:
                    Class.forName(what).getMethod("main", String[].class).invoke(null, (Object) args);
                    return Math.max(0, endedWith);
            }
        } catch (InvocationTargetException thrown) {
            if (endedWith >= 0) return endedWith;
            thrown.getCause().printStackTrace();
            return 99;
        } catch (Throwable thrown) {
            thrown.printStackTrace();
            return 99;
        }
    }

    private static List<String> lines() throws Exception {
        List<String> all = new ArrayList<>();
        for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
            if (!line.isEmpty()) all.add(line);
        return all;
    }

    private static Properties settings(String bootstrap) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("linger.ms", "5");
        return settings;
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? null : HEX.parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "-" : HEX.formatHex(bytes);
    }

    /** `TOPIC PARTITION TIMESTAMP KEY VALUE [NAME=VALUE]...`: partition and time may be `-`; bytes in hex, `-` for null. */
    private static ProducerRecord<byte[], byte[]> record(String line) {
        String[] words = line.split(" ", -1);
        Integer partition = words[1].equals("-") ? null : Integer.valueOf(words[1]);
        Long timestamp = words[2].equals("-") ? null : Long.valueOf(words[2]);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(words[0], partition, timestamp, bytes(words[3]), bytes(words[4]));
        for (int i = 5; i < words.length; i++) {
            String[] header = words[i].split("=", 2);
            record.headers().add(new String(HEX.parseHex(header[0]), StandardCharsets.UTF_8), bytes(header[1]));
        }
        return record;
    }

    private static void write(String bootstrap, String codec, List<String> lines) throws Exception {
        Properties settings = settings(bootstrap);
        settings.put("compression.type", codec);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            sendAll(producer, lines);
        }
    }

    private static void sendAll(KafkaProducer<byte[], byte[]> producer, List<String> lines) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (String line : lines) sent.add(producer.send(record(line)));
        producer.flush();
        for (Future<?> each : sent) each.get();
    }

    /** Writes within a transaction and leaves it open. */
    private static void begin(String bootstrap, String id, String codec, List<String> lines) throws Exception {
        Properties settings = settings(bootstrap);
        settings.put("transactional.id", id);
        settings.put("compression.type", codec);
        settings.put("transaction.timeout.ms", "600000");
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
        TRANSACTIONS.put(id, producer);
        producer.initTransactions();
        producer.beginTransaction();
        sendAll(producer, lines);
    }

    private static void end(String id, boolean commit) {
        try (KafkaProducer<byte[], byte[]> producer = TRANSACTIONS.remove(id)) {
            if (commit) producer.commitTransaction();
            else producer.abortTransaction();
        }
    }

    /** Every record of a topic that is there now: `PARTITION OFFSET TIMESTAMP KEY VALUE [NAME=VALUE]...`, by partition. */
    private static void read(String bootstrap, String topic, String isolation) {
        Properties settings = settings(bootstrap);
        settings.put("isolation.level", isolation);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        // the fetch of one partition stands in the way of the next one until it is over
        settings.put("fetch.max.wait.ms", "20");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(topic).forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
            Collections.sort(partitions, (a, b) -> a.partition() - b.partition());
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                while (consumer.position(partition) < end)
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) print(record);
            }
        }
    }

    private static void print(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder line = new StringBuilder();
        line.append(record.partition()).append(' ').append(record.offset()).append(' ').append(record.timestamp());
        line.append(' ').append(hex(record.key())).append(' ').append(hex(record.value()));
        for (Header header : record.headers())
            line.append(' ').append(hex(header.key().getBytes(StandardCharsets.UTF_8))).append('=').append(hex(header.value()));
        System.out.println(line);
    }
}
