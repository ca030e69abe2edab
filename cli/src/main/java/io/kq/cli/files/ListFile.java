package io.kq.cli.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.runtime.io.FileProblem;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of one of Kafka's tools: a JSON object with {@code version} 1 and one list of objects.
 * Everything in it is understood or the file is refused, naming the line: a misspelt field must not
 * do more than was meant. Used once, by one thread.
 */
final class ListFile {

    /** gson's reader tells the line it is at in no other way than as text. */
    private static final Pattern LINE = Pattern.compile(" at line (\\d+) column");

    private final Path file;
    private final JsonReader json;
    private final Form form;

    /**
     * What such a file looks like.
     *
     * @param list name of its list
     * @param item what an item of the list is called
     * @param example for whoever has to write one
     */
    record Form(String list, String item, String example) {}

    /** Reads one item of the list, from its first field on. */
    interface ItemReader {
        void read(ListFile file, JsonReader json) throws IOException;
    }

    private ListFile(Path file, JsonReader json, Form form) {
        this.file = file;
        this.json = json;
        this.form = form;
    }

    /**
     * Reads the file, handing each item to {@code items}.
     *
     * @throws CommandFailure it cannot be read, or is not such a file, or its list is empty
     */
    static void read(Path file, Form form, ItemReader items) {
        try (Reader text = Files.newBufferedReader(file, UTF_8);
                JsonReader json = new JsonReader(text)) {
            json.setStrictness(Strictness.STRICT);
            new ListFile(file, json, form).readAll(items);
        } catch (IOException e) {
            throw CommandFailure.local("FILE_NOT_READABLE", "cannot read " + file, e)
                    .withDetail(FileProblem.of(e))
                    .withExitCode(ExitCode.USAGE)
                    .next("check the path");
        }
    }

    private void readAll(ItemReader items) throws IOException {
        int count;
        try {
            count = readDocument(items);
        } catch (MalformedJsonException
                | EOFException
                | IllegalStateException
                | NumberFormatException e) {
            throw refused("it is no JSON of this form");
        }
        if (count == 0) {
            throw refused("it names no " + form.item());
        }
    }

    private int readDocument(ItemReader items) throws IOException {
        boolean listed = false;
        int count = 0;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            if (field.equals("version")) {
                if (json.nextLong() != 1) {
                    throw refused("its version is not 1");
                }
            } else if (field.equals(form.list())) {
                listed = true;
                json.beginArray();
                while (json.hasNext()) {
                    json.beginObject();
                    items.read(this, json);
                    json.endObject();
                    count++;
                }
                json.endArray();
            } else {
                throw refused("\"" + field + "\" is no field of it");
            }
        }
        json.endObject();
        if (!listed) {
            throw refused("\"" + form.list() + "\" is missing");
        }
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw refused("something follows its JSON object");
        }
        return count;
    }

    /** An array of numbers. */
    static List<Integer> numbers(JsonReader json) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            numbers.add(json.nextInt());
        }
        json.endArray();
        return numbers;
    }

    /** The value of a field that each item must have. */
    <T> T require(@Nullable T value, String field) {
        if (value == null) {
            throw refused("a " + form.item() + " without \"" + field + "\"");
        }
        return value;
    }

    /** The number of a partition. */
    int partition(@Nullable Integer value) {
        int partition = require(value, "partition");
        if (partition < 0) {
            throw refused("the partition " + partition + " is below 0");
        }
        return partition;
    }

    /** What an item has is not known. */
    CommandFailure unknown(String field) {
        return refused("\"" + field + "\" is no field of a " + form.item());
    }

    /** The file is not as it should be, at the line where the reader is. */
    CommandFailure refused(String problem) {
        Matcher line = LINE.matcher(json.toString());
        String place = line.find() ? " line " + line.group(1) : "";
        return CommandFailure.local("UNREADABLE_FILE", file + place + ": " + problem, null)
                .withExitCode(ExitCode.USAGE)
                .next("write it like this: " + form.example());
    }
}
