package io.kq.log.disk;

/**
 * Room on a data directory's file system that appends leave alone, so that a stop, the index, small
 * files and the metadata can still be written when the disk is as full as kq fills it. Pure.
 *
 * @param percent of the whole file system
 * @param bytesMin never less than this, but where the file system is smaller
 * @param bytesMax never more than this
 */
public record DiskReserve(int percent, long bytesMin, long bytesMax) {

    private static final int WHOLE = 100;

    /** Appends may fill the disk to the last byte. */
    public static final DiskReserve NONE = new DiskReserve(0, 0, 0);

    /**
     * Where nobody says otherwise: a share, enough for a voter's start on small disks, and no more
     * than is of use on large ones.
     */
    public static final DiskReserve STANDARD = new DiskReserve(5, 32L << 20, 1L << 30);

    /** So many bytes. */
    public static DiskReserve ofBytes(long bytes) {
        return new DiskReserve(WHOLE, bytes, bytes);
    }

    /** How much is kept on this file system; 0 if it does not say how large it is. */
    public long bytesOn(DiskSpace space) {
        if (!space.isKnown()) {
            return 0;
        }
        long share = space.totalBytes() / WHOLE * percent;
        return Math.min(space.totalBytes(), Math.min(bytesMax, Math.max(bytesMin, share)));
    }

    /** How much may still be written before the reserve begins; negative within it. */
    public long roomOn(DiskSpace space) {
        return space.isKnown() ? space.freeBytes() - bytesOn(space) : Long.MAX_VALUE;
    }
}
