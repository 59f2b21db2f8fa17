import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.TimePeriod;

/** Apache Avro as a judge: one question per line, parts between tabs; one answer per line, errors as "error: ...". */
public class AvroJudge {
  public static void main(String[] args) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line; (line = in.readLine()) != null;) out.println(answer(line.split("\t", -1)));
    out.flush();
  }

  private static String answer(String[] question) {
    try {
      return switch (question[0]) {
        case "parse" -> schema(question[1]).toString();
        case "encode" -> encode(schema(question[1]), question[2]);
        case "resolve" -> resolve(schema(question[1]), schema(question[2]), question[3]);
        case "logical" -> logical(schema(question[1]), question[2]);
        case "incompatibilities" -> incompatibilities(schema(question[1]), schema(question[2]));
        default -> "error: no such question";
      };
    } catch (Exception | StackOverflowError thrown) {
      return ("error: " + thrown).replaceAll("\\s+", " ");
    }
  }

  private static Schema schema(String text) {
    return new Schema.Parser().parse(text);
  }

  /** A value in Avro's JSON encoding -> hex of the binary encoding. */
  private static String encode(Schema schema, String json) throws IOException {
    return write(schema, read(schema, schema, DecoderFactory.get().jsonDecoder(schema, json)));
  }

  /** Hex of a value of the writer's schema -> hex of what it is for the reader's. */
  private static String resolve(Schema writer, Schema reader, String hex) throws IOException {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(HexFormat.of().parseHex(hex), null);
    Object value = read(writer, reader, decoder);
    return decoder.isEnd() ? write(reader, value) : "error: bytes left over";
  }

  /** Maps keep the order of their entries, so that bytes can be compared. */
  private static final GenericData DATA = new GenericData() {
    @Override
    public Object newMap(Object old, int size) {
      return new LinkedHashMap<>();
    }
  };

  private static Object read(Schema writer, Schema reader, Decoder decoder) throws IOException {
    return new GenericDatumReader<Object>(writer, reader, DATA).read(null, decoder);
  }

  private static String write(Schema schema, Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<Object>(schema).write(value, encoder);
    encoder.flush();
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** Hex of a value of a logical type -> the text of what Java makes of it. */
  private static String logical(Schema schema, String hex) throws IOException {
    var data = new GenericData();
    for (Conversion<?> conversion : CONVERSIONS) data.addLogicalTypeConversion(conversion);
    Decoder decoder = DecoderFactory.get().binaryDecoder(HexFormat.of().parseHex(hex), null);
    Object value = new GenericDatumReader<Object>(schema, schema, data).read(null, decoder);
    if (!(value instanceof TimePeriod period)) return value.toString();
    // its own text is no ISO 8601
    long millis = period.getMillis();
    return "P%dM%dDT%d.%03dS".formatted(period.getMonths(), period.getDays(), millis / 1000, millis % 1000);
  }

  private static final List<Conversion<?>> CONVERSIONS = List.of(
      new Conversions.DecimalConversion(), new Conversions.BigDecimalConversion(), new Conversions.UUIDConversion(),
      new Conversions.DurationConversion(), new TimeConversions.DateConversion(),
      new TimeConversions.TimeMillisConversion(), new TimeConversions.TimeMicrosConversion(),
      new TimeConversions.TimestampMillisConversion(), new TimeConversions.TimestampMicrosConversion(),
      new TimeConversions.TimestampNanosConversion(), new TimeConversions.LocalTimestampMillisConversion(),
      new TimeConversions.LocalTimestampMicrosConversion(), new TimeConversions.LocalTimestampNanosConversion());

  /** The kinds of what is incompatible, each once, sorted, between spaces. */
  private static String incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult().getIncompatibilities().stream()
        .map(each -> each.getType().name()).distinct().sorted().collect(Collectors.joining(" "));
  }
}
