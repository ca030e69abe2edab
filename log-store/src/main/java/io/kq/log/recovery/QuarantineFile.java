package io.kq.log.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The file in a partition's directory that keeps it out of use: its data are damaged, and a start
 * must not forget that. It ends with its directory, or when somebody takes it away who has made
 * sure that the data are whole. What counts is that it is there; its text is for people.
 *
 * @param directory the partition's
 */
public record QuarantineFile(Path directory) {

    private static final String NAME = "quarantined";
    private static final String NO_DIRECTORY = "expected the directory of a partition";
    private static final String UNREADABLE = "the report of the damage cannot be read";

    /**
     * The damage that was written down; empty if the partition is not in quarantine. What cannot be
     * read counts as damage of this partition: the others of the directory are not concerned.
     */
    public Optional<Damage> read() {
        Path file = directory.resolve(NAME);
        Properties report = new Properties();
        try {
            report.load(new StringReader(Files.readString(file, UTF_8)));
            return Optional.of(
                    new Damage(
                            directory.resolve(report.getProperty("file", "")),
                            Long.parseLong(report.getProperty("position", "")),
                            report.getProperty("problem", UNREADABLE)));
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException notWhole) {
            return Optional.of(
                    Files.isDirectory(directory)
                            ? new Damage(file, 0, UNREADABLE)
                            : new Damage(directory, 0, NO_DIRECTORY));
        }
    }

    /** Puts the partition into quarantine, durably. */
    public void write(LogFiles files, Damage damage) throws IOException {
        String text =
                "# The data of this replica are damaged: it is neither read nor written until it is"
                        + " fetched anew\n# or released (kq inspect --help).\nfile="
                        + escaped(nameOf(damage.file()))
                        + "\nposition="
                        + damage.position()
                        + "\nproblem="
                        + escaped(damage.problem())
                        + "\n";
        files.replace(directory.resolve(NAME), text.getBytes(UTF_8));
    }

    /** Ends the quarantine, durably. */
    public void remove(LogFiles files) throws IOException {
        files.deleteDurably(directory.resolve(NAME));
    }

    /** Relative: the directory may be moved to another disk. */
    private String nameOf(Path file) {
        return file.startsWith(directory) ? directory.relativize(file).toString() : "";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace('\n', ' ');
    }
}
