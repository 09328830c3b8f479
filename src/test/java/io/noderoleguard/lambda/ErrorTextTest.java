package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.event.RefusedEventException;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.settings.InvalidInputException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that leaves the function as an error, as a notification takes it over. */
final class ErrorTextTest {

  private static final String AWKWARD = "a \"b\"\r\n\\c\t\u0000 é😀 ";

  static Stream<Arguments> errors() {
    return Stream.of(
        // what is thrown, what its message must still say
        arguments(
            new InvalidInputException(
                List.of("ROLE_NAMES: \"a b\" is no role name.", "ROLE_TAGS: x")),
            "ROLE_NAMES: 'a b' is no role name. ROLE_TAGS: x"),
        arguments(new RefusedEventException(AWKWARD), "Refused: a 'b' c"),
        arguments(new CheckFailedException(failed(1, AWKWARD)), "role0: a 'b' c"),
        arguments(new CheckFailedException(failed(1_000, AWKWARD.repeat(60))), "1000 roles: "),
        arguments(
            new IllegalStateException(AWKWARD.repeat(10_000)), "IllegalStateException: a 'b'"),
        arguments(new NullPointerException(), "NullPointerException"),
        arguments(new IOException("\"x\""), "IOException: 'x'"),
        arguments(new StackOverflowError(), "StackOverflowError"));
  }

  private static Report failed(int roles, String reason) {
    return new Report(
        Mode.REPAIR,
        new Cause.Schedule(),
        Map.of(Status.FAILED, roles),
        IntStream.range(0, roles).mapToObj(i -> RoleReport.failed("role" + i, reason)).toList(),
        0);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void noMessageBreaksANotificationOrIsTooLongForOne(Throwable thrown, String said)
      throws Exception {
    String message = ErrorText.of(thrown).getMessage();

    assertThat(message).contains(said).hasSizeLessThanOrEqualTo(ErrorText.MAX_LENGTH);
    // EventBridge puts the text between quotation marks as it is.
    assertThat(new JsonMapper().readTree("\"" + message + "\"").textValue()).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void whatLambdaSendsOfAnErrorFitsIntoAnEvent(Throwable thrown, String said) throws Exception {
    RuntimeException error = ErrorText.of(thrown);
    Map<String, Object> payload =
        Map.of(
            "errorMessage",
            error.getMessage(),
            "errorType",
            error.getClass().getName(),
            "stackTrace",
            Stream.of(error.getStackTrace()).map(StackTraceElement::toString).toList());

    // An event may have 256 KB; what surrounds the payload has less than 2.
    assertThat(new JsonMapper().writeValueAsBytes(payload).length).isLessThan(200_000);
    assertThat(error.getCause()).isNull();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void ofWhatIsLeftOutTheMessageSaysWhereItIs(Throwable thrown, String said) {
    String message = Objects.toString(ErrorText.of(thrown).getMessage());

    assertThat(message.length() < 4_000 || message.contains("the function's log has")).isTrue();
  }
}
