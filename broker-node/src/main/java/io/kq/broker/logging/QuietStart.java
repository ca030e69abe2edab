package io.kq.broker.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Found by the backend when the first logger is asked for: warnings to standard error, and no
 * search for configuration files. Its own default would be everything, on standard output, which
 * belongs to the ready line.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class QuietStart extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logging.configure(context, LoggingConfig.initial());
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
