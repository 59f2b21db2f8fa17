import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.compiler.specific.SpecificCompiler;
import org.apache.avro.generic.GenericData;

/** Writes the sources of the classes of a schema, as Avro's plugin of Maven does. Lines of the input: a folder, the schema. */
public class AvroClasses {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        File folder = new File(in.readLine());
        SpecificCompiler compiler = new SpecificCompiler(new Schema.Parser().parse(in.readLine()));
        compiler.setStringType(GenericData.StringType.String);
        compiler.setEnableDecimalLogicalType(true);
        compiler.compileToDestination(null, folder);
    }
}
