package io.kq.log;

import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One file as a disk with a cache sees it: what it holds for certain, and what it was asked to hold
 * since. When the power goes each 512-byte sector is as of any moment since the last fsync.
 */
final class CrashFile {

    private static final int SECTOR_BYTES = 512;
    private static final int PAGE_BYTES = 4096;

    /** What processes read. */
    private byte[] cached;

    /** The content that is durable, then the content after each change since. */
    private final List<byte[]> versions = new ArrayList<>();

    CrashFile(byte[] content) {
        cached = content;
        versions.add(content);
    }

    byte[] cached() {
        return cached;
    }

    void write(byte[] bytes, long position) {
        cached = written(cached, bytes, (int) position);
        versions.add(written(latest(), bytes, (int) position));
    }

    /** Whether processes see just these bytes there. */
    boolean reads(byte[] bytes, long position) {
        int from = (int) position;
        int to = from + bytes.length;
        return to <= cached.length && Arrays.equals(cached, from, to, bytes, 0, bytes.length);
    }

    void truncate(long sizeBytes) {
        cached = Arrays.copyOf(cached, (int) Math.min(sizeBytes, cached.length));
        versions.add(Arrays.copyOf(latest(), (int) Math.min(sizeBytes, latest().length)));
    }

    /**
     * An fsync said that all is well; true for what was written since the last one that did not.
     */
    void forced() {
        byte[] now = Arrays.copyOf(latest(), cached.length);
        versions.clear();
        versions.add(now);
    }

    /**
     * An fsync failed: some sectors got there, the others never will, although processes still see
     * them and the next fsync says that all is well.
     */
    void forceFailed(RandomSource random) {
        byte[] partly = afterPowerCut(random);
        versions.clear();
        versions.add(partly);
    }

    /** The kernel may drop any page that it takes for written, and read it anew when asked for. */
    void dropPages(RandomSource random) {
        byte[] known = versions.get(0);
        if (versions.size() > 1 || Arrays.equals(known, cached)) {
            return;
        }
        for (int at = 0; at < Math.min(known.length, cached.length); at += PAGE_BYTES) {
            if (random.nextInt(2) == 0) {
                int end = Math.min(at + PAGE_BYTES, Math.min(known.length, cached.length));
                System.arraycopy(known, at, cached, at, end - at);
            }
        }
    }

    /** What is left of it when the power goes. */
    byte[] afterPowerCut(RandomSource random) {
        return switch (versions.size() == 1 ? 0 : random.nextInt(5)) {
            case 0 -> versions.get(0);
            case 1 -> latest();
            case 2 -> any(random);
            default -> mixture(random);
        };
    }

    private byte[] mixture(RandomSource random) {
        byte[] mixed = new byte[any(random).length];
        int durableBytes = versions.get(0).length;
        for (int at = 0; at < mixed.length; at += SECTOR_BYTES) {
            int end = Math.min(at + SECTOR_BYTES, mixed.length);
            byte[] source = any(random);
            if (source.length > at) {
                System.arraycopy(source, at, mixed, at, Math.min(end, source.length) - at);
            }
            if (at >= durableBytes && random.nextInt(16) == 0) {
                for (int i = at; i < end; i++) {
                    mixed[i] = (byte) random.nextInt(256);
                }
            }
        }
        return mixed;
    }

    private byte[] any(RandomSource random) {
        return versions.get(random.nextInt(versions.size()));
    }

    private byte[] latest() {
        return versions.get(versions.size() - 1);
    }

    private static byte[] written(byte[] before, byte[] bytes, int position) {
        byte[] after = Arrays.copyOf(before, Math.max(before.length, position + bytes.length));
        System.arraycopy(bytes, 0, after, position, bytes.length);
        return after;
    }
}
