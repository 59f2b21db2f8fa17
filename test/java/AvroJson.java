import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Avro's objects in Java and JSON in the form of evplat: bytes in base64, decimals, times and UUIDs as text. */
class AvroJson {
    /** With Java's types for logical ones. */
    static final GenericData LOGICAL = new GenericData();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter MILLIS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final DateTimeFormatter MICROS = new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    static {
        LOGICAL.addLogicalTypeConversion(new Conversions.DecimalConversion());
        LOGICAL.addLogicalTypeConversion(new Conversions.UUIDConversion());
        LOGICAL.addLogicalTypeConversion(new TimeConversions.DateConversion());
        LOGICAL.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        LOGICAL.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    }

    static Object fromJson(Schema schema, JsonNode node) throws Exception {
        if (schema.getLogicalType() != null) return fromText(schema, node.textValue());
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> node.booleanValue();
            case INT -> node.intValue();
            case LONG -> node.longValue();
            case FLOAT -> node.floatValue();
            case DOUBLE -> node.doubleValue();
            case STRING -> node.textValue();
            case BYTES -> ByteBuffer.wrap(node.binaryValue());
            case FIXED -> new GenericData.Fixed(schema, node.binaryValue());
            case ENUM -> new GenericData.EnumSymbol(schema, node.textValue());
            case UNION -> fromJson(branch(schema, node), node);
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonNode item : node) items.add(fromJson(schema.getElementType(), item));
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (var entry : node.properties()) entries.put(entry.getKey(), fromJson(schema.getValueType(), entry.getValue()));
                yield entries;
            }
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                for (Schema.Field field : schema.getFields())
                    record.put(field.pos(), fromJson(field.schema(), node.get(field.name())));
                yield record;
            }
        };
    }

    private static Object fromText(Schema schema, String text) {
        return switch (schema.getLogicalType().getName()) {
            case "decimal" -> new BigDecimal(text);
            case "uuid" -> UUID.fromString(text);
            case "date" -> LocalDate.parse(text);
            case "timestamp-millis", "timestamp-micros" -> Instant.parse(text);
            default -> throw new IllegalArgumentException(schema.toString());
        };
    }

    /** The branch of a union that a value goes with. */
    private static Schema branch(Schema union, JsonNode node) {
        for (Schema each : union.getTypes()) {
            boolean fits = switch (each.getType()) {
                case NULL -> node.isNull();
                case BOOLEAN -> node.isBoolean();
                case INT, LONG -> node.isIntegralNumber();
                case DOUBLE -> node.isNumber();
                case STRING -> node.isTextual();
                case RECORD -> node.isObject() && each.getFields().stream().allMatch(field -> node.has(field.name()));
                default -> throw new IllegalArgumentException(each.toString());
            };
            if (fits) return each;
        }
        throw new IllegalArgumentException(node + " is none of " + union);
    }

    static JsonNode toJson(Schema schema, Object value) throws Exception {
        return switch (schema.getType()) {
            case UNION -> toJson(schema.getTypes().get(LOGICAL.resolveUnion(schema, value)), value);
            case ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                for (Object item : (Iterable<?>) value) array.add(toJson(schema.getElementType(), item));
                yield array;
            }
            case MAP -> {
                ObjectNode object = NODES.objectNode();
                for (var entry : ((Map<?, ?>) value).entrySet())
                    object.set(entry.getKey().toString(), toJson(schema.getValueType(), entry.getValue()));
                yield object;
            }
            case RECORD -> {
                ObjectNode object = NODES.objectNode();
                for (Schema.Field field : schema.getFields())
                    object.set(field.name(), toJson(field.schema(), ((IndexedRecord) value).get(field.pos())));
                yield object;
            }
            default -> scalar(schema, value);
        };
    }

    /** Judged by what Java has made of it: an Instant is one only where the conversion was at work. */
    private static JsonNode scalar(Schema schema, Object value) {
        if (value instanceof Instant at)
            return NODES.textNode((schema.getLogicalType() instanceof LogicalTypes.TimestampMicros ? MICROS : MILLIS).format(at));
        if (value instanceof BigDecimal || value instanceof UUID || value instanceof LocalDate || value instanceof CharSequence)
            return NODES.textNode(value.toString());
        if (value instanceof ByteBuffer bytes) return NODES.textNode(base64(bytes));
        if (value instanceof GenericFixed fixed) return NODES.textNode(base64(ByteBuffer.wrap(fixed.bytes())));
        if (schema.getType() == Schema.Type.ENUM) return NODES.textNode(value.toString());
        return JSON.valueToTree(value);
    }

    private static String base64(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        return Base64.getEncoder().encodeToString(all);
    }
}
