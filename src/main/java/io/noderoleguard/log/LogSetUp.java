package io.noderoleguard.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Sets Logback up, which finds this class by the JDK's {@code ServiceLoader}: in code, since a file
 * would take an XML parser at each start, and whoever can write one could send the log elsewhere.
 */
public final class LogSetUp extends ContextAwareBase implements Configurator {

  /** The logger of findings, changes and reports. */
  static final String COUNTED = "io.noderoleguard.guard.GuardLog";

  /** Writes lines of JSON to the standard output from INFO on; from the AWS SDK, warnings only. */
  @Override
  public ExecutionStatus configure(LoggerContext log) {
    LogLine line = new LogLine();
    line.setContext(log);
    line.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(log);
    console.setEncoder(line);
    console.start();
    var root = log.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(console);
    // Metrics count these lines: whatever level is asked for, they are written.
    log.getLogger(COUNTED).setLevel(Level.INFO);
    // What the SDK would say at a lower level holds whole requests.
    log.getLogger("software.amazon.awssdk").setLevel(Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
