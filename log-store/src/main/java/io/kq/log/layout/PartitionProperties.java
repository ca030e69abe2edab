package io.kq.log.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.io.LogFiles;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/**
 * Which partition a directory holds.
 *
 * @param indexId under which its rows stand in this directory's index; local, never reused while
 *     the index knows it
 */
public record PartitionProperties(TopicIdPartition partition, String topicName, int indexId) {

    private static final String FILE_NAME = "partition.properties";
    private static final String VERSION = "1";

    /** Where they are. */
    public static Path file(Path directory) {
        return directory.resolve(FILE_NAME);
    }

    /**
     * Reads them. Empty if the file is missing or not whole: all it tells but the index id stands
     * in the directory's name too, so it is simply made anew.
     */
    public static Optional<PartitionProperties> read(Path directory) throws IOException {
        String text;
        try {
            text = Files.readString(file(directory), UTF_8);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (java.nio.charset.CharacterCodingException garbage) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
            if (!VERSION.equals(properties.getProperty("version"))
                    || !"true".equals(properties.getProperty("complete"))) {
                return Optional.empty();
            }
            return Optional.of(
                    new PartitionProperties(
                            new TopicIdPartition(
                                    UUID.fromString(properties.getProperty("topic.id", "")),
                                    Integer.parseInt(properties.getProperty("partition", ""))),
                            properties.getProperty("topic.name", ""),
                            Integer.parseInt(properties.getProperty("index.id", ""))));
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }

    /**
     * Replaces them. Not synced: the log's first sync syncs its directory, and until then there is
     * nothing in it that a power cut could make wrong.
     */
    public void write(LogFiles files, Path directory) throws IOException {
        String text =
                "version="
                        + VERSION
                        + "\ntopic.id="
                        + partition.topicId()
                        + "\npartition="
                        + partition.partition()
                        + "\ntopic.name="
                        + topicName
                        + "\nindex.id="
                        + indexId
                        + "\ncomplete=true\n";
        files.replaceUnsynced(file(directory), text.getBytes(UTF_8));
    }
}
