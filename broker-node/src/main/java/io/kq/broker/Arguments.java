package io.kq.broker;

import io.kq.broker.config.StartRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@link BrokerMain} was called with. */
record Arguments(Mode mode, Optional<Path> config, List<String> overrides) {

    static final String USAGE =
            """
            usage: BrokerMain [--config FILE] [--override KEY=VALUE]...

              --config FILE          settings, key=value lines
              --override KEY=VALUE   goes before the file and the environment
              --check-config         check the settings, start nothing
              --show-config          print all settings and where each comes from
              --version              print the version
              --help                 print this
            """;

    Arguments {
        overrides = List.copyOf(overrides);
    }

    /** What is to be done. */
    enum Mode {
        START,
        CHECK_CONFIG,
        SHOW_CONFIG,
        VERSION,
        HELP
    }

    static Arguments parse(String[] arguments) {
        Mode mode = Mode.START;
        Optional<Path> config = Optional.empty();
        List<String> overrides = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--config" -> config = Optional.of(Path.of(value(arguments, ++i)));
                case "--override" -> overrides.add(value(arguments, ++i));
                case "--check-config" -> mode = Mode.CHECK_CONFIG;
                case "--show-config" -> mode = Mode.SHOW_CONFIG;
                case "--version" -> mode = Mode.VERSION;
                case "--help", "-h" -> mode = Mode.HELP;
                default ->
                        throw StartRefusedException.config(
                                "INVALID_ARGUMENT",
                                "unknown argument '" + arguments[i] + "'",
                                "see --help; settings are given as --override KEY=VALUE");
            }
        }
        return new Arguments(mode, config, overrides);
    }

    private static String value(String[] arguments, int i) {
        if (i >= arguments.length) {
            throw StartRefusedException.config(
                    "INVALID_ARGUMENT", arguments[i - 1] + " needs a value", "see --help");
        }
        return arguments[i];
    }
}
