package io.kq.system.driver;

import io.kq.system.history.Event.Mark;
import java.time.Duration;
import java.util.Locale;

/**
 * What a workload can be told in a line:
 *
 * <ul>
 *   <li>{@code leader P}, {@code metadata-leader}: a node's id, -1 if there is none
 *   <li>{@code elect}: has the preferred replicas lead; how many partitions are led by another one
 *   <li>{@code state}, {@code counts}: for people
 *   <li>{@code in-sync N SECONDS}, {@code writes SECONDS}, {@code change SECONDS}, {@code
 *       other-leader P NODE SECONDS}, {@code isr P N SECONDS}: waits, the last for an ISR of
 *       exactly N; {@code ok} or {@code no STATE}
 *   <li>{@code fault NODE TEXT}, {@code bit TEXT}, {@code healed TEXT}: marks; a node of -1 is
 *       nobody in particular
 *   <li>{@code final}: the last reading; {@code ok}, or {@code no} if not everything could be read
 * </ul>
 */
final class Commands {

    private final Workload workload;

    Commands(Workload workload) {
        this.workload = workload;
    }

    /** Does what the line says. What it does not know it answers with {@code error}. */
    String answer(String line) {
        String[] words = line.split(" ", -1);
        try {
            return switch (words[0]) {
                case "leader" -> "" + workload.leader(Integer.parseInt(words[1]));
                case "metadata-leader" -> "" + workload.metadataLeader();
                case "elect" -> "" + workload.electPreferred();
                case "state" -> workload.state();
                case "counts" -> workload.counts();
                case "in-sync" ->
                        waited(workload.awaitInSync(Integer.parseInt(words[1]), seconds(words[2])));
                case "writes" -> waited(workload.awaitWrites(seconds(words[1])));
                case "change" -> waited(workload.awaitChange(seconds(words[1])));
                case "other-leader" ->
                        waited(
                                workload.awaitOtherLeader(
                                        Integer.parseInt(words[1]),
                                        Integer.parseInt(words[2]),
                                        seconds(words[3])));
                case "isr" ->
                        waited(
                                workload.awaitIsr(
                                        Integer.parseInt(words[1]),
                                        Integer.parseInt(words[2]),
                                        seconds(words[3])));
                case "fault" -> mark(Mark.FAULT, Integer.parseInt(words[1]), rest(line, 2));
                case "bit", "healed" ->
                        mark(Mark.valueOf(words[0].toUpperCase(Locale.ROOT)), -1, rest(line, 1));
                case "final" -> workload.finish() ? "ok" : "no";
                default -> "error: " + words[0] + " is no command";
            };
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
            return "error: '" + line + "' is not complete";
        }
    }

    private String waited(boolean held) {
        return held ? "ok" : "no " + workload.state();
    }

    private String mark(Mark mark, int node, String text) {
        workload.mark(mark, node, text);
        return "ok";
    }

    private static Duration seconds(String word) {
        return Duration.ofSeconds(Long.parseLong(word));
    }

    /** The line behind so many words. */
    private static String rest(String line, int words) {
        String rest = line;
        for (int i = 0; i < words; i++) {
            rest = rest.substring(Math.min(rest.length(), (rest + " ").indexOf(' ') + 1));
        }
        return rest;
    }
}
