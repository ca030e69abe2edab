package io.kq.broker.birth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.RandomSource;
import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;

/**
 * {@code meta.properties} in a data directory (invariant S9). Replaced as a whole, durably; one
 * caller at a time, blocking.
 */
public final class IdentityFile {

    static final String NAME = "meta.properties";
    private static final String VERSION = "1";
    private static final String VOTER = "voter.";
    private static final String VOTERS_VERSION = "voters.version";
    private static final String RAFT_ID = "raft.id";
    private static final String DIRECTORY = "directory-path.";

    private final Path directory;

    /** The identity of {@code directory}. */
    public IdentityFile(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads the identity, or makes a new one if the directory is empty.
     *
     * @throws StartRefusedException the disk is another node's, was written by a newer version, or
     *     cannot be trusted
     */
    public DirectoryIdentity readOrCreate(int nodeId, RandomSource random) {
        Optional<DirectoryIdentity> found;
        try {
            found = find(nodeId);
        } catch (UncheckedIOException e) {
            throw StartRefusedException.failed(
                    "DATA_DIRECTORY_UNUSABLE",
                    "the data directory " + directory + " cannot be read: " + e.getCause(),
                    "check its disk; nothing was changed");
        }
        if (found.isEmpty()) {
            DirectoryIdentity fresh = DirectoryIdentity.fresh(nodeId, random.nextUuid());
            write(fresh);
            return fresh;
        }
        return found.get();
    }

    /**
     * Reads the identity; none if the directory is empty.
     *
     * @throws StartRefusedException as {@link #readOrCreate}
     * @throws UncheckedIOException the disk does not let it be read
     */
    Optional<DirectoryIdentity> find(int nodeId) {
        Path file = directory.resolve(NAME);
        if (Files.notExists(file)) {
            refuseForgottenContents();
            return Optional.empty();
        }
        DirectoryIdentity identity = read(file);
        if (identity.nodeId() != nodeId) {
            throw StartRefusedException.failed(
                    "NODE_MISMATCH",
                    "the disk "
                            + directory
                            + " belongs to node "
                            + identity.nodeId()
                            + ", but node.id is "
                            + nodeId,
                    "correct node.id or data.dirs; to make it a disk of node "
                            + nodeId
                            + ", empty it");
        }
        if (identity.raftStarted() && !Files.isDirectory(raftDirectory())) {
            throw StartRefusedException.failed(
                    "METADATA_LOST",
                    "the metadata log "
                            + raftDirectory()
                            + " is gone; without it this voter could vote twice",
                    "put it back, or empty the whole data directory (see docs/internals/node.md)");
        }
        return Optional.of(identity);
    }

    /** Replaces what is written. */
    public void write(DirectoryIdentity identity) {
        StringBuilder text = new StringBuilder();
        text.append("# Whose disk this is. Written by kq; a changed or missing line is damage.\n");
        line(text, "version", VERSION);
        line(text, "node.id", Integer.toString(identity.nodeId()));
        line(text, "directory.id", identity.directoryId().toString());
        line(text, "cluster.id", identity.clusterId());
        line(text, "raft.started", Boolean.toString(identity.raftStarted()));
        identity.raftId().ifPresent(id -> line(text, RAFT_ID, id.toString()));
        line(text, VOTERS_VERSION, Long.toString(identity.votersVersion()));
        for (Voter voter : identity.voters()) {
            line(
                    text,
                    VOTER + voter.nodeId(),
                    voter.directoryId() + " " + voter.raftAddress() + " " + voter.nodeAddress());
        }
        new TreeMap<>(identity.directories())
                .forEach((id, path) -> line(text, DIRECTORY + id, escaped(path)));
        try {
            DurableFile.replace(directory.resolve(NAME), text.toString().getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where this directory's Raft log is. */
    public Path raftDirectory() {
        return directory.resolve("raft");
    }

    private void refuseForgottenContents() {
        for (String left : List.of("raft", "partitions")) {
            if (Files.exists(directory.resolve(left))) {
                throw StartRefusedException.failed(
                        "IDENTITY_LOST",
                        "the disk " + directory + " has data but no " + NAME,
                        "put " + NAME + " back, or empty the directory if its data is not needed");
            }
        }
    }

    private DirectoryIdentity read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
            String version = required(properties, "version");
            if (!version.equals(VERSION)) {
                throw StartRefusedException.failed(
                        "NEWER_FORMAT",
                        file + " has format " + version + ", this version knows " + VERSION,
                        "start the version of kq that wrote it, or a newer one");
            }
            return new DirectoryIdentity(
                    Integer.parseInt(required(properties, "node.id")),
                    UUID.fromString(required(properties, "directory.id")),
                    required(properties, "cluster.id"),
                    voters(properties),
                    Long.parseLong(properties.getProperty(VOTERS_VERSION, "0")),
                    Optional.ofNullable(properties.getProperty(RAFT_ID)).map(UUID::fromString),
                    Boolean.parseBoolean(required(properties, "raft.started")),
                    directories(properties));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw StartRefusedException.failed(
                    "IDENTITY_DAMAGED",
                    file + " cannot be read: " + e.getMessage(),
                    "put the file back as it was; nothing was changed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Voter> voters(Properties properties) {
        List<Voter> voters = new ArrayList<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(VOTER)) {
                String[] parts = properties.getProperty(key).split(" ", -1);
                if (parts.length != 3) {
                    throw new IllegalArgumentException(key + " has not three parts");
                }
                voters.add(
                        new Voter(
                                Integer.parseInt(key.substring(VOTER.length())),
                                UUID.fromString(parts[0]),
                                HostPort.parse(parts[1]),
                                HostPort.parse(parts[2])));
            }
        }
        voters.sort(Comparator.comparingInt(Voter::nodeId));
        return voters;
    }

    private static Map<UUID, Path> directories(Properties properties) {
        Map<UUID, Path> known = new HashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (key.startsWith(DIRECTORY)) {
                known.put(
                        UUID.fromString(key.substring(DIRECTORY.length())),
                        Path.of(properties.getProperty(key)));
            }
        }
        return known;
    }

    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("there is no line for " + key);
        }
        return value;
    }

    private static void line(StringBuilder text, String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }
}
