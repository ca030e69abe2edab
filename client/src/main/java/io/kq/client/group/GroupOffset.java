package io.kq.client.group;

/**
 * How far a group has come in a partition.
 *
 * @param offset of the next record to be read
 * @param metadata the committer's own words, perhaps empty
 */
public record GroupOffset(long offset, String metadata) {

    public GroupOffset {
        if (offset < 0) {
            throw new IllegalArgumentException("an offset is not negative: " + offset);
        }
    }

    public static GroupOffset of(long offset) {
        return new GroupOffset(offset, "");
    }
}
