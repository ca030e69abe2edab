package io.kq.log.layout;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which batches a segment file holds, told by its name: {@code <base>.log} as it was appended to,
 * {@code <base>.<generation>.log} once compaction has written it anew. Two files of a log that
 * differ have different names, at all times: so a place in one is never taken for one in another.
 *
 * @param baseOffset of its first batch, 20 digits in the name so that files sort
 * @param generation how often compaction has written it anew; 0 is not in the name
 */
public record SegmentName(long baseOffset, int generation) {

    private static final String SUFFIX = ".log";
    private static final Pattern COMPACTED = Pattern.compile("(\\d{20})\\.([1-9]\\d{0,8})\\.log");

    /** A segment that compaction has not written. */
    public static SegmentName appended(long baseOffset) {
        return new SegmentName(baseOffset, 0);
    }

    /** The segment that a file of this name is, empty for any other name. */
    public static Optional<SegmentName> parse(String fileName) {
        OptionalLong appended = OffsetFileName.SEGMENT.parse(fileName);
        if (appended.isPresent()) {
            return Optional.of(appended(appended.getAsLong()));
        }
        Matcher compacted = COMPACTED.matcher(fileName);
        if (!compacted.matches()) {
            return Optional.empty();
        }
        OptionalLong baseOffset = OffsetFileName.SEGMENT.parse(compacted.group(1) + SUFFIX);
        return baseOffset.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new SegmentName(
                                baseOffset.getAsLong(), Integer.parseInt(compacted.group(2))));
    }

    /** The file's name. */
    public String fileName() {
        String plain = OffsetFileName.SEGMENT.of(baseOffset);
        return generation == 0 ? plain : stem() + SUFFIX;
    }

    /** What the names of the file have in common while it comes to be. */
    String stem() {
        String plain = OffsetFileName.SEGMENT.of(baseOffset);
        return String.format(
                Locale.ROOT,
                "%s.%d",
                plain.substring(0, plain.length() - SUFFIX.length()),
                generation);
    }
}
