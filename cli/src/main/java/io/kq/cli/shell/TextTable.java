package io.kq.cli.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Left-aligned columns, two spaces apart, no trailing blanks. The same on a terminal and in a pipe.
 */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these titles. */
    public TextTable(String... titles) {
        rows.add(List.of(titles));
    }

    /** One line; cells beyond the titles are notes without one. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Prints it, titles included. */
    public void print(Terminal terminal) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            terminal.println(line.toString().stripTrailing());
        }
    }
}
