package io.kq.log;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk whose power goes at a given change of a log file. At that moment a picture is taken of
 * what a restart will find, in another directory; from then on every change fails, and whatever the
 * store still does to the old directory is of no account. Files other than segments are replaced
 * durably by their writers ({@code DurableFile}) and are in the picture as they are.
 */
final class CrashDisk implements LogFiles {

    /** A rule of the store that is broken on purpose, to see whether the simulation notices. */
    enum Canary {
        NONE,
        /** Bytes are called durable before they are. */
        FSYNC_DOES_NOTHING,
        /** New files are called durable before they are. */
        DIRECTORY_SYNC_DOES_NOTHING,
        /** A torn batch has the right CRC, as if recovery looked at none. */
        TORN_BATCHES_GET_A_CRC
    }

    /** A creation ({@code file}) or a deletion (null) that no sync of the directory covers yet. */
    private record NameChange(String name, @Nullable CrashFile file) {}

    /** A write that fails lacks so many bytes: no zeros in their place make its batch whole. */
    private static final int MISSING_BYTES_MIN = 8;

    private final LogFiles disk = LogFiles.onDisk();
    private final Path root;
    private final Path picture;
    private final RandomSource random;
    private final Canary canary;
    private final Map<String, CrashFile> durableNames = new HashMap<>();
    private final Map<String, CrashFile> names = new HashMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();

    /** Changes until the power goes. */
    int changesLeft = Integer.MAX_VALUE;

    /** Writes until one fails after a part of its bytes, with {@link #writeError}. */
    int writesUntilFault = Integer.MAX_VALUE;

    String writeError = FailingLogFiles.FULL;

    /** Fsyncs until one fails. */
    int forcesUntilFault = Integer.MAX_VALUE;

    private boolean off;
    private boolean forceFailed;

    CrashDisk(Path root, Path picture, RandomSource random, Canary canary) {
        this.root = root;
        this.picture = picture;
        this.random = random;
        this.canary = canary;
    }

    /** Whether the power is gone. */
    boolean off() {
        return off;
    }

    /** Whether an fsync failed: what processes read may not be on the disk. */
    boolean forceFailed() {
        return forceFailed;
    }

    /** The disk that a restart finds, with the picture as its root. */
    CrashDisk afterRestart(Path nextPicture) {
        CrashDisk next = new CrashDisk(picture, nextPicture, random, canary);
        next.durableNames.putAll(durableNames);
        next.names.putAll(names);
        next.nameChanges.addAll(nameChanges);
        return next;
    }

    /** The power goes: unsynced changes are lost in part. */
    void cutPower() throws IOException {
        forgetDeletedBeside();
        // Journals keep the order of creations and deletions: a beginning of them is there.
        int kept = random.nextInt(nameChanges.size() + 1);
        nameChanges.subList(0, kept).forEach(change -> apply(durableNames, change));
        nameChanges.clear();
        names.clear();
        for (Map.Entry<String, CrashFile> entry : durableNames.entrySet()) {
            byte[] left = entry.getValue().afterPowerCut(random);
            if (canary == Canary.TORN_BATCHES_GET_A_CRC) {
                TornBatches.giveCrc(left);
            }
            names.put(entry.getKey(), new CrashFile(left));
        }
        durableNames.clear();
        durableNames.putAll(names);
        takePicture();
    }

    /** The process dies: the kernel has everything, and nothing more is synced. */
    void killProcess() throws IOException {
        forgetDeletedBeside();
        takePicture();
    }

    private void takePicture() throws IOException {
        off = true;
        boolean withIndex = random.nextInt(2) == 0;
        boolean withProperties = random.nextInt(8) != 0;
        copy(root, picture, withIndex, withProperties);
        for (Map.Entry<String, CrashFile> entry : names.entrySet()) {
            Path file = picture.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue().cached());
        }
    }

    private static void copy(Path from, Path to, boolean withIndex, boolean withProperties)
            throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (name.equals("index") && Files.isDirectory(entry)) {
                    if (withIndex) {
                        TestStore.copy(entry, to.resolve(name));
                    }
                } else if (Files.isDirectory(entry)) {
                    copy(entry, to.resolve(name), withIndex, withProperties);
                } else if (!isSegment(entry) && (withProperties || !name.endsWith(".properties"))) {
                    Files.copy(entry, to.resolve(name));
                }
            }
        }
    }

    /** Recovery deletes with a sync of its own, not through {@link #delete}. */
    private void forgetDeletedBeside() {
        names.keySet()
                .removeIf(
                        name -> {
                            boolean gone = !Files.exists(root.resolve(name));
                            if (gone) {
                                durableNames.remove(name);
                                nameChanges.removeIf(change -> change.name().equals(name));
                            }
                            return gone;
                        });
    }

    private static void apply(Map<String, CrashFile> to, NameChange change) {
        if (change.file() == null) {
            to.remove(change.name());
        } else {
            to.put(change.name(), change.file());
        }
    }

    private static boolean isSegment(Path file) {
        return file.getFileName().toString().endsWith(".log");
    }

    private String nameOf(Path file) {
        return root.relativize(file.normalize()).toString();
    }

    /** Does {@code change}, unless the power goes before it; it may go right after it. */
    private void change(Runnable change) throws IOException {
        requirePower();
        changesLeft--;
        boolean cut = changesLeft <= 0;
        if (!cut || random.nextInt(2) == 0) {
            change.run();
        }
        if (cut) {
            cutPower();
            requirePower();
        }
    }

    private void requirePower() throws IOException {
        if (off) {
            throw new IOException("the power is gone");
        }
    }

    @Override
    public LogFile create(Path file) throws IOException {
        requirePower();
        LogFile real = disk.create(file);
        if (!isSegment(file)) {
            return real;
        }
        CrashFile made = new CrashFile(new byte[0]);
        NameChange creation = new NameChange(nameOf(file), made);
        change(
                () -> {
                    apply(names, creation);
                    nameChanges.add(creation);
                });
        return new SimulatedFile(real, made);
    }

    @Override
    public LogFile open(Path file) throws IOException {
        LogFile real = disk.open(file);
        CrashFile known = names.get(nameOf(file));
        if (known == null) {
            throw new IOException("no such file in the simulation: " + file);
        }
        return new SimulatedFile(real, known);
    }

    @Override
    public LogFile openReadOnly(Path file) throws IOException {
        return disk.openReadOnly(file);
    }

    @Override
    public void delete(Path file) throws IOException {
        if (isSegment(file)) {
            NameChange deletion = new NameChange(nameOf(file), null);
            change(
                    () -> {
                        apply(names, deletion);
                        nameChanges.add(deletion);
                    });
        }
        disk.delete(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        change(
                () -> {
                    if (canary != Canary.DIRECTORY_SYNC_DOES_NOTHING) {
                        nameChanges.forEach(done -> apply(durableNames, done));
                        nameChanges.clear();
                    }
                });
    }

    /** A segment: bytes go to a real file for whoever reads it, and to the simulation. */
    private final class SimulatedFile implements LogFile {

        private final LogFile real;
        private final CrashFile file;

        SimulatedFile(LogFile real, CrashFile file) {
            this.real = real;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer[] parts, long position) throws IOException {
            int size = 0;
            for (ByteBuffer part : parts) {
                size += part.remaining();
            }
            ByteBuffer all = ByteBuffer.allocate(size);
            for (ByteBuffer part : parts) {
                all.put(part.duplicate());
            }
            boolean fails = --writesUntilFault == 0;
            int taken = fails ? random.nextInt(size - MISSING_BYTES_MIN) : size;
            ByteBuffer some = all.flip().slice(0, taken);
            byte[] bytes = new byte[some.remaining()];
            some.duplicate().get(bytes);
            change(() -> file.write(bytes, position));
            real.write(new ByteBuffer[] {some}, position);
            if (fails) {
                throw new IOException(writeError);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void force() throws IOException {
            requirePower();
            if (--forcesUntilFault == 0) {
                file.forceFailed(random);
                forceFailed = true;
                throw new IOException(FailingLogFiles.BROKEN);
            }
            change(
                    () -> {
                        if (canary != Canary.FSYNC_DOES_NOTHING) {
                            file.forced();
                        }
                    });
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            change(() -> file.truncate(sizeBytes));
            real.truncate(sizeBytes);
        }

        @Override
        public long sizeBytes() throws IOException {
            return real.sizeBytes();
        }

        @Override
        public boolean isOpen() {
            return real.isOpen();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
