package io.noderoleguard.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.status.Status;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import software.amazon.lambda.powertools.logging.internal.LoggingManager;

final class LogSetUpTest {

  private static final Logger GUARD =
      LoggerFactory.getLogger("io.noderoleguard.cloudformation.CustomResource");
  private static final Logger SDK = LoggerFactory.getLogger("software.amazon.awssdk.request");

  private final LogLevel level = new LogLevel();

  @AfterEach
  void asBefore() {
    level.setLogLevel(Level.INFO);
  }

  @Test
  void logbackTakesItBeforeAnyFile() {
    assertThat(LoggerFactory.getILoggerFactory())
        .isInstanceOfSatisfying(
            LoggerContext.class,
            log -> {
              assertThat(log.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                  .toIterable()
                  .singleElement()
                  .isInstanceOfSatisfying(
                      ConsoleAppender.class,
                      console -> assertThat(console.getEncoder()).isInstanceOf(LogLine.class));
              assertThat(log.getStatusManager().getCopyOfStatusList())
                  .noneMatch(status -> status.getLevel() >= Status.WARN);
            });
    assertThat(new LogSetUp().configure(new LoggerContext()))
        .isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
  }

  @Test
  void powertoolsFindsOneManager() {
    assertThat(ServiceLoader.load(LoggingManager.class))
        .singleElement()
        .isInstanceOf(LogLevel.class);
  }

  @Test
  void theGuardTellsWhatItDidAndTheSdkOnlyWarns() {
    assertThat(level.getLogLevel(GUARD)).isEqualTo(Level.INFO);
    assertThat(level.getLogLevel(SDK)).isEqualTo(Level.WARN);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void aLevelThatIsAskedForIsTheGuardsAndNeverTheSdks(Level asked) {
    level.setLogLevel(asked);

    assertThat(level.getLogLevel(GUARD)).isEqualTo(asked);
    assertThat(level.getLogLevel(SDK)).isEqualTo(Level.WARN);
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void whatMetricsCountIsLoggedWhateverLevelIsAskedFor(Level asked) throws Exception {
    level.setLogLevel(asked);

    Logger counted = LoggerFactory.getLogger(Class.forName(LogSetUp.COUNTED));
    assertThat(counted.isInfoEnabled()).isTrue();
  }
}
