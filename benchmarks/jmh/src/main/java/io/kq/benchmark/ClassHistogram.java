package io.kq.benchmark;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many objects of which class are alive, from the text of the JVM's {@code GC.class_histogram}.
 */
record ClassHistogram(Map<String, Row> rows) {

    /** Objects of one class. */
    record Row(long count, long bytes) {

        Row minus(Row other) {
            return new Row(count - other.count, bytes - other.bytes);
        }
    }

    static ClassHistogram parse(String text) {
        Map<String, Row> rows = new HashMap<>();
        for (String line : text.lines().toList()) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.size() >= 4 && words.get(0).endsWith(":")) {
                Row row = new Row(Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
                rows.merge(words.get(3), row, (a, b) -> a);
            }
        }
        return new ClassHistogram(rows);
    }

    ClassHistogram minus(ClassHistogram other) {
        Map<String, Row> result = new HashMap<>();
        rows.forEach(
                (name, row) ->
                        result.put(name, row.minus(other.rows.getOrDefault(name, new Row(0, 0)))));
        return new ClassHistogram(result);
    }

    /** The largest classes and the sum of all, divided by the number of partitions. */
    String perPartition(int partitions, int lines) {
        StringBuilder text = new StringBuilder();
        long sum = rows.values().stream().mapToLong(Row::bytes).sum();
        text.append(line(sum, 0, partitions, "all classes"));
        rows.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> -e.getValue().bytes()))
                .limit(lines)
                .forEach(
                        e ->
                                text.append(
                                        line(
                                                e.getValue().bytes(),
                                                e.getValue().count(),
                                                partitions,
                                                e.getKey())));
        return text.toString();
    }

    private static String line(long bytes, long count, int partitions, String name) {
        return String.format(
                Locale.ROOT,
                "  per partition %7.1f bytes %6.2f objects  %s%n",
                (double) bytes / partitions,
                (double) count / partitions,
                name);
    }
}
