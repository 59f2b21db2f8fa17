import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.jar.JarFile;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.utils.Utils;

/** Answers questions about Kafka's own protocol, a line each: see protocol.test.ts. */
public class KafkaJudge {
    public static void main(String[] args) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(answer(words));
        }
    }

    private static String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "message":
                return rewritten(Short.parseShort(words[1]), words[2], Short.parseShort(words[3]), words[4]);
            case "definition":
                return definition(words[1]);
            case "errors":
                return errors();
            case "murmur2":
                return Integer.toString(Utils.murmur2(Base64.getDecoder().decode(words[1])));
            default:
                throw new IllegalArgumentException(words[0]);
        }
    }

    /** Reads a message with Kafka's own code and writes it again. */
    private static String rewritten(short key, String side, short version, String base64) {
        try {
            ApiMessageType type = ApiMessageType.fromApiKey(key);
            ApiMessage message = side.equals("request") ? type.newRequest() : type.newResponse();
            ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
            message.read(bytes, version);
            if (bytes.remaining() > 0) return "left over: " + bytes.remaining();
            ObjectSerializationCache cache = new ObjectSerializationCache();
            ByteBuffer again = ByteBuffer.allocate(message.size(cache, version));
            message.write(new ByteBufferAccessor(again), cache, version);
            return Base64.getEncoder().encodeToString(again.array());
        } catch (Exception thrown) {
            return "error: " + thrown;
        }
    }

    /** The JSON of a message definition inside the kafka-clients jar. */
    private static String definition(String name) throws Exception {
        String path = ApiMessageType.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile jar = new JarFile(path)) {
            byte[] json = jar.getInputStream(jar.getEntry("common/message/" + name + ".json")).readAllBytes();
            return Base64.getEncoder().encodeToString(json);
        }
    }

    private static String errors() {
        StringBuilder all = new StringBuilder();
        for (Errors error : Errors.values())
            all.append(error.code()).append(' ').append(error.name()).append(' ')
                .append(error.exception() instanceof RetriableException).append(';');
        return all.toString();
    }
}
