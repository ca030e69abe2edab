package io.kq.log;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A disk whose power goes at a given change of a file or a directory. At that moment a picture is
 * taken of what a restart will find, in another directory; from then on every change fails, and
 * whatever the store still does to the old directory is of no account. What the index does is not
 * in it: it may be anything after a restart.
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
        TORN_BATCHES_GET_A_CRC,
        /** Files are unlinked, and records acknowledged, before the checkpoint is durable. */
        CHECKPOINT_IS_NOT_SYNCED,
        /** Small files get their name before their bytes are durable. */
        RENAME_BEFORE_FSYNC,
        /** What an opening found is called durable though an fsync of it failed before. */
        OPENING_WRITES_NOTHING_AGAIN
    }

    private static final String INDEX = "index";

    /** A write that fails lacks so many bytes: no zeros in their place make its batch whole. */
    private static final int MISSING_BYTES_MIN = 8;

    private final LogFiles disk = LogFiles.onDisk();
    private final Path root;
    private final Path picture;
    private final RandomSource random;
    private final Canary canary;
    private final CrashNames names;

    /** Changes until the power goes. */
    int changesLeft = Integer.MAX_VALUE;

    /** Writes until one fails after a part of its bytes, with {@link #writeError}. */
    int writesUntilFault = Integer.MAX_VALUE;

    String writeError = FailingLogFiles.FULL;

    /** Fsyncs, of directories too, until one fails. */
    int forcesUntilFault = Integer.MAX_VALUE;

    private boolean off;
    private boolean faulted;

    CrashDisk(Path root, Path picture, RandomSource random, Canary canary) {
        this(root, picture, random, canary, new CrashNames());
    }

    private CrashDisk(
            Path root, Path picture, RandomSource random, Canary canary, CrashNames names) {
        this.root = root;
        this.picture = picture;
        this.random = random;
        this.canary = canary;
        this.names = names;
    }

    /** Whether the power is gone, or the process. */
    boolean off() {
        return off;
    }

    /** Whether a write or an fsync failed while there was power. */
    boolean faulted() {
        return faulted;
    }

    /** The disk that a restart finds, with the picture as its root. */
    CrashDisk afterRestart(Path nextPicture) {
        return new CrashDisk(picture, nextPicture, random, canary, names);
    }

    /** The power goes: unsynced changes are lost in part. */
    void cutPower() throws IOException {
        CrashTrace.say("power cut");
        names.cutPower(random);
        if (canary == Canary.TORN_BATCHES_GET_A_CRC) {
            for (Map.Entry<String, CrashFile> entry : names.files().entrySet()) {
                if (entry.getKey().endsWith(".log")) {
                    TornBatches.giveCrc(entry.getValue().cached());
                }
            }
        }
        takePicture();
    }

    /** The process dies: the kernel has everything, and nothing more is synced. */
    void killProcess() throws IOException {
        CrashTrace.say("kill");
        names.files().values().forEach(file -> file.dropPages(random));
        takePicture();
    }

    private void takePicture() throws IOException {
        off = true;
        names.files()
                .forEach(
                        (name, file) ->
                                CrashTrace.say("  %s: %s bytes", name, file.cached().length));
        boolean withProperties = random.nextInt(8) != 0;
        Files.createDirectories(picture);
        copyIndex();
        for (String directory : names.directories()) {
            Files.createDirectory(picture.resolve(directory));
        }
        for (Map.Entry<String, CrashFile> entry : names.files().entrySet()) {
            if (withProperties || !entry.getKey().endsWith(".properties")) {
                Files.write(picture.resolve(entry.getKey()), entry.getValue().cached());
            }
        }
    }

    private void copyIndex() throws IOException {
        Path index = root.resolve(INDEX);
        if (Files.isSymbolicLink(index)) {
            refuseAnIndex(picture);
        } else if (Files.exists(index) && random.nextInt(2) == 0) {
            TestStore.copy(index, picture.resolve(INDEX));
        }
    }

    /**
     * Makes a store in {@code directory} go without an index: a link to nowhere is in its place.
     */
    static void refuseAnIndex(Path directory) throws IOException {
        Files.createSymbolicLink(directory.resolve(INDEX), Path.of("nowhere"));
    }

    private String nameOf(Path file) {
        return root.relativize(file.normalize()).toString().replace('\\', '/');
    }

    /** Does {@code change}, unless the power goes before it; it may go right after it. */
    private void change(String what, Runnable change) throws IOException {
        requirePower();
        CrashTrace.say("  %s", what);
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

    /** Its content is of no interest, and large. */
    private static boolean isProbe(Path file) {
        return file.endsWith("space-probe") || file.endsWith("spare");
    }

    @Override
    public LogFile create(Path file) throws IOException {
        requirePower();
        LogFile real = disk.create(file);
        if (isProbe(file)) {
            return real;
        }
        CrashFile made = new CrashFile(new byte[0]);
        change("create " + nameOf(file), () -> names.put(nameOf(file), made));
        return new SimulatedFile(nameOf(file), real, made);
    }

    @Override
    public LogFile open(Path file) throws IOException {
        LogFile real = disk.open(file);
        CrashFile known = names.find(nameOf(file));
        if (known == null) {
            throw new IOException("no such file in the simulation: " + file);
        }
        return new SimulatedFile(nameOf(file), real, known);
    }

    @Override
    public LogFile openReadOnly(Path file) throws IOException {
        return disk.openReadOnly(file);
    }

    @Override
    public void delete(Path file) throws IOException {
        requirePower();
        if (Files.exists(file) && !isProbe(file)) {
            change("delete " + nameOf(file), () -> names.remove(nameOf(file)));
        }
        disk.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        change("rename " + nameOf(from), () -> names.rename(nameOf(from), nameOf(to)));
        disk.rename(from, to);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        requirePower();
        if (!Files.isDirectory(directory)) {
            change("create " + nameOf(directory), () -> names.putDirectory(nameOf(directory)));
            disk.createDirectory(directory);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        requirePower();
        failIfDue();
        String name = nameOf(directory);
        change(
                "sync directory " + name,
                () -> {
                    switch (canary) {
                        case DIRECTORY_SYNC_DOES_NOTHING -> {}
                        case CHECKPOINT_IS_NOT_SYNCED -> names.syncAllBut(name, "checkpoint");
                        default -> names.sync(name);
                    }
                });
    }

    private void failIfDue() throws IOException {
        if (--forcesUntilFault == 0) {
            CrashTrace.say("  a sync fails");
            faulted = true;
            throw new IOException(FailingLogFiles.BROKEN);
        }
    }

    /** Bytes go to a real file for whoever reads it, and to the simulation. */
    private final class SimulatedFile implements LogFile {

        private final String name;
        private final LogFile real;
        private final CrashFile file;

        SimulatedFile(String name, LogFile real, CrashFile file) {
            this.name = name;
            this.real = real;
            this.file = file;
        }

        @Override
        public void write(ByteBuffer[] parts, long position) throws IOException {
            byte[] all = bytes(parts);
            boolean fails = --writesUntilFault == 0;
            int taken =
                    fails
                            ? random.nextInt(Math.max(1, all.length - MISSING_BYTES_MIN))
                            : all.length;
            byte[] some = Arrays.copyOf(all, taken);
            if (canary != Canary.OPENING_WRITES_NOTHING_AGAIN || !file.reads(some, position)) {
                change(
                        "write " + some.length + " at " + position + " of " + name,
                        () -> file.write(some, position));
            }
            real.write(new ByteBuffer[] {ByteBuffer.wrap(some)}, position);
            if (fails) {
                CrashTrace.say("  a write fails: %s", writeError);
                faulted = true;
                throw new IOException(writeError);
            }
        }

        private static byte[] bytes(ByteBuffer[] parts) {
            int size = 0;
            for (ByteBuffer part : parts) {
                size += part.remaining();
            }
            ByteBuffer all = ByteBuffer.allocate(size);
            for (ByteBuffer part : parts) {
                all.put(part.duplicate());
            }
            return all.array();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void force() throws IOException {
            requirePower();
            try {
                failIfDue();
            } catch (IOException e) {
                file.forceFailed(random);
                throw e;
            }
            boolean works =
                    switch (canary) {
                        case FSYNC_DOES_NOTHING -> !name.endsWith(".log");
                        case RENAME_BEFORE_FSYNC -> !name.endsWith(".tmp");
                        default -> true;
                    };
            change(
                    "sync " + name,
                    () -> {
                        if (works) {
                            file.forced();
                        }
                    });
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            change("cut to " + sizeBytes + " " + name, () -> file.truncate(sizeBytes));
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
