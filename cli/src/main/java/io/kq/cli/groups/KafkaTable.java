package io.kq.cli.groups;

import io.kq.cli.shell.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as Kafka's {@code kafka-consumer-groups} prints it: each column at least as wide as
 * given, one blank between two, and the last one as it is.
 */
final class KafkaTable {

    /** Of groups, topics, members and hosts. */
    static final int NAME = 15;

    /**
     * A column.
     *
     * @param width at least
     * @param grows with its longest cell
     */
    record Column(String title, int width, boolean grows) {

        static Column growing(String title) {
            return new Column(title, NAME, true);
        }

        static Column fixed(String title, int width) {
            return new Column(title, width, false);
        }

        /** The last one, which nothing follows. */
        static Column last(String title) {
            return new Column(title, 0, false);
        }
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    KafkaTable(List<Column> columns) {
        this.columns = columns;
    }

    void row(List<String> cells) {
        rows.add(cells);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(Terminal terminal) {
        terminal.println(line(columns.stream().map(Column::title).toList()));
        rows.forEach(row -> terminal.println(line(row)));
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                line.append(' ');
            }
            String cell = cells.get(i);
            line.append(cell).append(" ".repeat(Math.max(0, width(i) - cell.length())));
        }
        return line.toString();
    }

    private int width(int column) {
        Column shape = columns.get(column);
        if (!shape.grows()) {
            return shape.width();
        }
        return rows.stream()
                .mapToInt(row -> row.get(column).length())
                .reduce(shape.width(), Math::max);
    }
}
