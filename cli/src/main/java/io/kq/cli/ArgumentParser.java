package io.kq.cli;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Fills a command's annotated fields from its arguments, with the habits of Kafka's tools: a long
 * option may have one dash ({@code -topic}); it may not be abbreviated, so that a new option never
 * changes what an old script means.
 */
final class ArgumentParser {

    /** The words of the one refusal that every Kafka tutorial leads to. */
    static final String NO_ZOOKEEPER =
            "kq has no ZooKeeper; use --bootstrap-server HOST:9092 (default 127.0.0.1:9092)";

    private static final int HELP_COLUMNS = 80;
    private static final int OPTION_COLUMNS = 30;

    private static final Map<String, String> FORMER_NAMES =
            Map.of(
                    "--broker-list", "--bootstrap-server",
                    "--whitelist", "--include",
                    "--producer.config", "--command-config",
                    "--producer-config", "--command-config",
                    "--consumer.config", "--command-config",
                    "--consumer-config", "--command-config");

    private ArgumentParser() {}

    /** The parser of one command. */
    static CommandLine commandLine(String name, Object command) {
        CommandLine line = new CommandLine(command);
        line.setCommandName("kq " + name);
        line.setExpandAtFiles(false);
        line.getCommandSpec().usageMessage().sortOptions(false);
        line.setPosixClusteredShortOptionsAllowed(false);
        line.setUsageHelpWidth(HELP_COLUMNS);
        line.setUsageHelpLongOptionsMaxWidth(OPTION_COLUMNS);
        addHelp(line);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        return line;
    }

    /** Every command has {@code --help}, whether it thought of it or not. */
    private static void addHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(
                            OptionSpec.builder("-h", "--help")
                                    .usageHelp(true)
                                    .description("Show this help.")
                                    .build());
        }
        line.getSubcommands().values().forEach(ArgumentParser::addHelp);
    }

    /**
     * Parses.
     *
     * @return what was asked for: the command itself, or one of its subcommands
     * @throws CommandFailure what was typed is no use of this command
     */
    static ParseResult parse(CommandLine line, List<String> typed) {
        List<String> arguments = twoDashes(line, typed);
        try {
            ParseResult result = line.parseArgs(arguments.toArray(new String[0]));
            while (result.hasSubcommand()) {
                result = result.subcommand();
            }
            return result;
        } catch (UnmatchedArgumentException e) {
            throw unmatched(e.getCommandLine(), e.getUnmatched().get(0));
        } catch (ParameterException e) {
            throw CommandFailure.usage(sentence(String.valueOf(e.getMessage())))
                    .next(e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
    }

    /** Writes {@code -topic} as {@code --topic}, where an option stands and not its value. */
    private static List<String> twoDashes(CommandLine line, List<String> typed) {
        Map<String, OptionSpec> options = line.getCommandSpec().optionsMap();
        List<String> arguments = new ArrayList<>();
        boolean valueFollows = false;
        for (int i = 0; i < typed.size(); i++) {
            String token = typed.get(i);
            if (token.equals("--")) {
                arguments.addAll(typed.subList(i, typed.size()));
                break;
            }
            int equals = token.indexOf('=');
            String name = equals < 0 ? token : token.substring(0, equals);
            if (!valueFollows && token.startsWith("-")) {
                boolean known = options.containsKey(name);
                if (!known && options.containsKey("-" + name)) {
                    name = "-" + name;
                    token = "-" + token;
                }
                if (name.equals("--zookeeper") || name.equals("-zookeeper")) {
                    throw CommandFailure.usage(NO_ZOOKEEPER);
                }
                OptionSpec option = options.get(name);
                valueFollows = equals < 0 && option != null && option.arity().min() > 0;
            } else {
                valueFollows = false;
            }
            arguments.add(token);
        }
        return arguments;
    }

    private static CommandFailure unmatched(CommandLine line, String argument) {
        String command = line.getCommandSpec().qualifiedName();
        if (!argument.startsWith("-")) {
            return CommandFailure.usage("unexpected argument '" + argument + "'")
                    .next(command + " --help");
        }
        String name = argument.replaceFirst("=.*$", "");
        String twoDashes = "--" + name.replaceFirst("^--?", "");
        List<String> known =
                line.getCommandSpec().optionsMap().keySet().stream()
                        .filter(o -> o.startsWith("--"))
                        .toList();
        String former = FORMER_NAMES.getOrDefault(twoDashes, "");
        return CommandFailure.usage("unknown option '" + name + "' of " + command)
                .didYouMean(known.contains(former) ? former : DidYouMean.among(known, twoDashes))
                .next(command + " --help");
    }

    /** picocli's words without its capital letter: they follow {@code error: }. */
    private static String sentence(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
