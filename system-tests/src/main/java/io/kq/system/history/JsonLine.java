package io.kq.system.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON object from one line, member by member: as much of JSON as histories and {@code kq
 * inspect -o jsonl} need. After {@link #next} exactly one of the value methods is called.
 *
 * <p>Refuses what is no JSON with IllegalArgumentException.
 */
public final class JsonLine {

    private final String line;
    private int at;
    private boolean begun;
    private String name = "";

    public JsonLine(String line) {
        this.line = line;
    }

    /** Moves to the next member; false at the end of the object. */
    public boolean next() {
        if (!begun) {
            begun = true;
            expect('{');
            if (peek() == '}') {
                at++;
                return end();
            }
        } else if (peek() == '}') {
            at++;
            return end();
        } else {
            expect(',');
        }
        name = string();
        expect(':');
        return true;
    }

    private boolean end() {
        skipBlanks();
        if (at != line.length()) {
            throw broken("something follows the object");
        }
        return false;
    }

    /** Of the present member. */
    public String name() {
        return name;
    }

    public String string() {
        expect('"');
        int start = at;
        while (at < line.length() && line.charAt(at) != '"' && line.charAt(at) != '\\') {
            at++;
        }
        if (at < line.length() && line.charAt(at) == '"') {
            return line.substring(start, at++);
        }
        StringBuilder text = new StringBuilder().append(line, start, at);
        while (at < line.length() && line.charAt(at) != '"') {
            char c = line.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return text.toString();
    }

    private char escaped() {
        if (at >= line.length()) {
            throw broken("the line ends in a string");
        }
        char c = line.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                if (at + 4 > line.length()) {
                    throw broken("the line ends in a string");
                }
                at += 4;
                yield (char) Integer.parseInt(line, at - 4, at, 16);
            }
            default -> c;
        };
    }

    public long number() {
        skipBlanks();
        int start = at;
        while (at < line.length()
                && (line.charAt(at) == '-' || Character.isDigit(line.charAt(at)))) {
            at++;
        }
        try {
            return Long.parseLong(line, start, at, 10);
        } catch (NumberFormatException e) {
            throw broken("a whole number was expected");
        }
    }

    public int integer() {
        long number = number();
        if ((int) number != number) {
            throw broken("the number is too large");
        }
        return (int) number;
    }

    public boolean bool() {
        skipBlanks();
        if (line.startsWith("true", at)) {
            at += 4;
            return true;
        }
        if (line.startsWith("false", at)) {
            at += 5;
            return false;
        }
        throw broken("true or false was expected");
    }

    public List<Integer> integers() {
        List<Integer> numbers = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            numbers.add(integer());
            comma();
        }
        at++;
        return numbers;
    }

    public List<String> strings() {
        List<String> strings = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            strings.add(string());
            comma();
        }
        at++;
        return strings;
    }

    private void comma() {
        if (peek() == ',') {
            at++;
        } else if (peek() != ']') {
            throw broken("',' or ']' was expected");
        }
    }

    /** Passes over a value of any kind. */
    public void skip() {
        int depth = 0;
        do {
            char c = peek();
            if (c == '"') {
                string();
            } else {
                at++;
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            }
        } while (depth > 0 || (peek() != ',' && peek() != '}'));
    }

    private char peek() {
        skipBlanks();
        if (at >= line.length()) {
            throw broken("the line ends early");
        }
        return line.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw broken("'" + c + "' was expected");
        }
        at++;
    }

    private void skipBlanks() {
        while (at < line.length() && line.charAt(at) <= ' ') {
            at++;
        }
    }

    private IllegalArgumentException broken(String what) {
        return new IllegalArgumentException(what + " at column " + (at + 1));
    }
}
