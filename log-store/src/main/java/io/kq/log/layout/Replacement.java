package io.kq.log.layout;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A compacted segment and the offsets of those that it replaces. Its file has three names one after
 * the other: {@code .cleaned} while it is written, when it counts for nothing; {@code .swap} once
 * it is whole, when it counts in place of all older files in its range, which are on their way out;
 * and that of a segment when they are gone.
 *
 * @param segment what it is in the end
 * @param endOffset of the last one that it replaces; exclusive
 */
public record Replacement(SegmentName segment, long endOffset) {

    private static final String CLEANED_SUFFIX = ".cleaned";
    private static final String SWAP_SUFFIX = ".swap";
    private static final Pattern SWAP = Pattern.compile("(\\d{20}\\.\\d{1,9})\\.(\\d{20})\\.swap");

    /** Whether a file of this name was being written: it counts for nothing. */
    public static boolean isUnfinished(String fileName) {
        return fileName.endsWith(CLEANED_SUFFIX);
    }

    /** What a file of this name replaces, empty for any other name. */
    public static Optional<Replacement> parse(String fileName) {
        Matcher swap = SWAP.matcher(fileName);
        if (!swap.matches()) {
            return Optional.empty();
        }
        OptionalLong end = OffsetFileName.SEGMENT.parse(swap.group(2) + ".log");
        return end.isEmpty()
                ? Optional.empty()
                : SegmentName.parse(swap.group(1) + ".log")
                        .map(segment -> new Replacement(segment, end.getAsLong()));
    }

    /** Its name while it is written. */
    public String unfinishedName() {
        return segment.stem() + CLEANED_SUFFIX;
    }

    /** Its name while those that it replaces may still be there. */
    public String swapName() {
        String end = OffsetFileName.SEGMENT.of(endOffset);
        return segment.stem() + "." + end.substring(0, end.indexOf('.')) + SWAP_SUFFIX;
    }

    /** Whether it stands in place of this one. */
    public boolean replaces(SegmentName other) {
        return other.baseOffset() >= segment.baseOffset()
                && other.baseOffset() < endOffset
                && other.generation() < segment.generation();
    }
}
