package io.kq.log.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file that says that the last stop was in good order. It names the checkpoint it was written
 * with, so that a marker from another time (a backup put back) proves nothing.
 */
public final class CleanMarker {

    private CleanMarker() {}

    /** Says durably that everything is synced and {@code checkpoint} is on the disk. */
    public static void write(LogFiles files, Path file, Checkpoint checkpoint) throws IOException {
        files.replace(file, text(checkpoint).getBytes(UTF_8));
    }

    /** Whether the marker is there and belongs to {@code checkpoint}. */
    public static boolean matches(Path file, Checkpoint checkpoint) throws IOException {
        try {
            return Files.readString(file, UTF_8).equals(text(checkpoint));
        } catch (NoSuchFileException | CharacterCodingException missingOrGarbage) {
            return false;
        }
    }

    /** Removes it durably: from now on a stop is unclean until proven otherwise. */
    public static void remove(LogFiles files, Path file) throws IOException {
        files.deleteDurably(file);
    }

    private static String text(Checkpoint checkpoint) {
        return "clean checkpoint=" + checkpoint.crc() + "\n";
    }
}
