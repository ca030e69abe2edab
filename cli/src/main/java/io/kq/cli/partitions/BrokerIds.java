package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Numbers of brokers as people type and read them: {@code 0,1,2}. */
public final class BrokerIds {

    private BrokerIds() {}

    /** What was typed; empty: nothing was. */
    static List<Integer> parse(String option, @Nullable String text) {
        List<Integer> ids = new ArrayList<>();
        for (String id : text == null ? new String[0] : text.split(",", -1)) {
            try {
                ids.add(Integer.parseUnsignedInt(id.strip()));
            } catch (NumberFormatException e) {
                throw CommandFailure.usage(option + ": '" + text + "' is not like 0,1,2");
            }
        }
        if (ids.stream().distinct().count() != ids.size()) {
            throw CommandFailure.usage(option + ": '" + text + "' names a broker twice");
        }
        return ids;
    }

    /** {@code 0,1,2}; {@code -}: none. */
    public static String text(Collection<Integer> ids) {
        return ids.isEmpty()
                ? "-"
                : ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
