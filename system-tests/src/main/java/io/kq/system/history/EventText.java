package io.kq.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Events as lines and back. Names are short, since there are millions of lines. */
final class EventText {

    private EventText() {}

    /** Appends the event's line with its end. */
    static void write(Event event, StringBuilder to) {
        to.append("{\"t\":").append(event.nanos());
        if (event instanceof Event.Sent e) {
            value(kind(to, "sent"), e.value(), e.partition());
            text(to, "acks", word(e.acks()));
        } else if (event instanceof Event.Acked e) {
            value(kind(to, "acked"), e.value(), e.partition());
            number(to, "o", e.offset());
        } else if (event instanceof Event.Failed e) {
            value(kind(to, e.definite() ? "failed" : "unknown"), e.value(), e.partition());
            text(to, "code", e.code());
        } else if (event instanceof Event.Polled e) {
            polled(kind(to, "polled"), e);
        } else if (event instanceof Event.Positioned e) {
            text(kind(to, "positioned"), "r", e.reader());
            number(number(to, "p", e.partition()), "o", e.offset());
        } else {
            writeRest(event, to);
        }
        to.append("}\n");
    }

    private static void writeRest(Event event, StringBuilder to) {
        if (event instanceof Event.Started e) {
            text(kind(to, "started"), "topic", e.topic());
            number(number(to, "partitions", e.partitions()), "replicas", e.replicas());
            number(to, "minIsr", e.minIsr());
        } else if (event instanceof Event.Asked e) {
            number(kind(to, "asked"), "q", e.question());
        } else if (event instanceof Event.OffsetTold e) {
            number(number(kind(to, "offset"), "q", e.question()), "p", e.partition());
            text(to, "bound", word(e.bound()));
            number(number(to, "epoch", e.leaderEpoch()), "o", e.offset());
        } else if (event instanceof Event.StateTold e) {
            number(number(kind(to, "state"), "q", e.question()), "p", e.partition());
            number(number(to, "leader", e.leader()), "epoch", e.leaderEpoch());
            number(to, "version", e.partitionEpoch()).append(",\"isr\":").append(numbers(e.isr()));
        } else if (event instanceof Event.AdminTold e) {
            number(kind(to, "admin"), "q", e.question());
            text(text(text(to, "op", e.operation()), "name", e.name()), "code", e.code());
            to.append(",\"definite\":").append(e.definite());
        } else if (event instanceof Event.Marked e) {
            text(text(kind(to, "mark"), "mark", word(e.mark())), "text", e.text());
            to.append(",\"led\":").append(numbers(e.partitions()));
        }
    }

    private static void polled(StringBuilder to, Event.Polled e) {
        text(to, "r", e.reader());
        number(number(to, "p", e.partition()), "at", e.position());
        if (e.highWatermark() >= 0) {
            number(to, "hw", e.highWatermark());
        }
        number(to, "o", e.first()).append(",\"v\":[");
        for (int i = 0; i < e.values().length; i++) {
            to.append(i == 0 ? "\"" : ",\"").append(WrittenValue.text(e.values()[i])).append('"');
        }
        to.append(']');
    }

    private static StringBuilder kind(StringBuilder to, String kind) {
        return to.append(",\"e\":\"").append(kind).append('"');
    }

    private static void value(StringBuilder to, long value, int partition) {
        number(text(to, "v", WrittenValue.text(value)), "p", partition);
    }

    private static StringBuilder number(StringBuilder to, String name, long number) {
        return to.append(",\"").append(name).append("\":").append(number);
    }

    private static StringBuilder text(StringBuilder to, String name, String text) {
        to.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < ' ') {
                to.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                to.append(c);
            }
        }
        return to.append('"');
    }

    private static String numbers(List<Integer> numbers) {
        return numbers.toString().replace(" ", "");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Reads a line. Refuses what is none with IllegalArgumentException. */
    static Event read(String line) {
        Members m = new Members();
        JsonLine json = new JsonLine(line);
        while (json.next()) {
            m.take(json);
        }
        return m.event();
    }

    /** What stood in a line. */
    private static final class Members {
        private long t = -1;
        private String e = "";
        private long v = WrittenValue.CORRUPT;
        private int p = -1;
        private long o = -1;
        private long q = -1;
        private long at = -1;
        private long hw = -1;
        private int epoch = -1;
        private int version = -1;
        private int leader = -1;
        private int partitions;
        private int replicas;
        private int minIsr;
        private boolean definite;
        private String reader = "";
        private String acks = "";
        private String bound = "";
        private String code = "";
        private String op = "";
        private String name = "";
        private String topic = "";
        private String text = "";
        private String mark = "";
        private List<String> values = List.of();
        private List<Integer> isr = List.of();
        private List<Integer> led = List.of();

        private void take(JsonLine json) {
            switch (json.name()) {
                case "t" -> t = json.number();
                case "e" -> e = json.string();
                case "v" -> takeValue(json);
                case "p" -> p = json.integer();
                case "o" -> o = json.number();
                case "q" -> q = json.number();
                case "at" -> at = json.number();
                case "hw" -> hw = json.number();
                case "r" -> reader = json.string();
                case "acks" -> acks = json.string();
                case "code" -> code = json.string();
                default -> takeRest(json);
            }
        }

        private void takeRest(JsonLine json) {
            switch (json.name()) {
                case "epoch" -> epoch = json.integer();
                case "version" -> version = json.integer();
                case "leader" -> leader = json.integer();
                case "isr" -> isr = json.integers();
                case "bound" -> bound = json.string();
                case "op" -> op = json.string();
                case "name" -> name = json.string();
                case "definite" -> definite = json.bool();
                case "topic" -> topic = json.string();
                case "partitions" -> partitions = json.integer();
                case "replicas" -> replicas = json.integer();
                case "minIsr" -> minIsr = json.integer();
                case "mark" -> mark = json.string();
                case "text" -> text = json.string();
                case "led" -> led = json.integers();
                default -> json.skip();
            }
        }

        /** One value of a write, or all of a poll; what it is stands before it. */
        private void takeValue(JsonLine json) {
            if (e.equals("polled")) {
                values = json.strings();
            } else {
                v = WrittenValue.parse(json.string());
            }
        }

        private Event event() {
            return switch (e) {
                case "sent" -> new Event.Sent(t, v, p, constant(Event.Acks.class, acks));
                case "acked" -> new Event.Acked(t, v, p, o);
                case "failed" -> new Event.Failed(t, v, p, true, code);
                case "unknown" -> new Event.Failed(t, v, p, false, code);
                case "polled" -> new Event.Polled(t, reader, p, at, hw, o, parsed());
                case "positioned" -> new Event.Positioned(t, reader, p, o);
                case "asked" -> new Event.Asked(t, q);
                case "offset" ->
                        new Event.OffsetTold(t, q, p, constant(Event.Bound.class, bound), epoch, o);
                case "state" -> new Event.StateTold(t, q, p, leader, epoch, version, isr);
                case "admin" -> new Event.AdminTold(t, q, op, name, code, definite);
                case "mark" -> new Event.Marked(t, constant(Event.Mark.class, mark), text, led);
                case "started" -> new Event.Started(t, topic, partitions, replicas, minIsr);
                default -> throw new IllegalArgumentException("no event is called '" + e + "'");
            };
        }

        private long[] parsed() {
            List<Long> parsed = new ArrayList<>(values.size());
            values.forEach(text -> parsed.add(WrittenValue.parse(text)));
            return parsed.stream().mapToLong(Long::longValue).toArray();
        }

        private static <E extends Enum<E>> E constant(Class<E> type, String word) {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        }
    }
}
