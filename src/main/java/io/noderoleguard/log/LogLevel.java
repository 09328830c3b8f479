package io.noderoleguard.log;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.internal.LoggingManager;

/**
 * How Powertools sets the level that {@code POWERTOOLS_LOG_LEVEL} or Lambda asks for. The AWS SDK's
 * stays as it is.
 */
public final class LogLevel implements LoggingManager {

  @Override
  public void setLogLevel(Level level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
      log.getLogger(Logger.ROOT_LOGGER_NAME)
          .setLevel(ch.qos.logback.classic.Level.convertAnSLF4JLevel(level));
    }
  }

  @Override
  public Level getLogLevel(Logger logger) {
    // SLF4J lists them from ERROR to TRACE.
    Level lowest = Level.ERROR;
    for (Level level : Level.values()) {
      if (logger.isEnabledForLevel(level)) {
        lowest = level;
      }
    }
    return lowest;
  }
}
