package io.noderoleguard.cloudformation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.noderoleguard.cloudformation.ResponseSender.NotDeliveredException;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Header;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Reaction;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Request;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
// It turns on all of the JVM's logs, which are everyone's.
@Isolated
final class ResponseSenderTest {

  private static final byte[] BODY = "{\"Reason\":\"ü€😀\"}".getBytes(UTF_8);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ResponseSender sender = new ResponseSender(Duration.ofMillis(500), pauses(3));
  private final CloudFormationReceiver receiver = CloudFormationReceiver.start();

  /** Patience for so many pauses of 4 ms. */
  private static Patience pauses(int number) {
    Duration pause = Duration.ofMillis(4);
    return new Patience(pause, pause, pause.multipliedBy(number));
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private ResponseUrl url() {
    return ResponseUrl.of(receiver.responseUrl().toString(), true).orElseThrow();
  }

  private List<Integer> statuses() {
    return receiver.requests().stream().map(Request::status).toList();
  }

  private void send() {
    sender.send(url(), BODY, LONG);
  }

  @Test
  void theBytesArePutAsTheUrlWasSigned() {
    send();

    Request put = receiver.requests().getFirst();
    assertThat(put.method()).isEqualTo("PUT");
    assertThat(put.target())
        .isEqualTo(
            receiver.responseUrl().getRawPath() + "?" + receiver.responseUrl().getRawQuery());
    assertThat(put.body()).isEqualTo(new String(BODY, UTF_8));
    assertThat(put.header("Content-Length")).hasValue(Integer.toString(BODY.length));
    assertThat(put.headers())
        .extracting(Header::name)
        .doesNotContain("Content-Type", "Content-type", "Transfer-Encoding", "Expect")
        .noneMatch(name -> name.equalsIgnoreCase("content-type"));
    assertThat(statuses()).containsExactly(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 599})
  void aFaultOfTheServersIsTriedAgainUntilItIsAcceptedOnce(int status) {
    receiver.expect(new Reaction.Status(status), new Reaction.Status(status));

    send();

    assertThat(statuses()).containsExactly(status, status, 200);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 411, 429})
  void aRefusalIsNotTriedAgain(int status) {
    receiver.expect(new Reaction.Status(status));

    assertThatThrownBy(this::send)
        .isInstanceOf(NotDeliveredException.class)
        .hasMessage(
            "CloudFormation's response URL did not accept the response: HTTP status "
                + status
                + " in attempt 1");
    assertThat(statuses()).containsExactly(status);
  }

  @Test
  void aRedirectionIsNotFollowed() throws Exception {
    try (CloudFormationReceiver elsewhere = CloudFormationReceiver.start()) {
      receiver.expect(new Reaction.Redirect(elsewhere.responseUrl()));

      assertThatThrownBy(this::send).hasMessageContaining("HTTP status 307 in attempt 1");
      assertThat(elsewhere.requests()).isEmpty();
    }
    assertThat(receiver.requests()).hasSize(1);
  }

  @Test
  void aResetConnectionIsRetriedByTheSenderOnly() {
    receiver.expect(new Reaction.Reset());
    var once = new ResponseSender(Duration.ofMillis(500), pauses(0));

    assertThatThrownBy(() -> once.send(url(), BODY, LONG))
        .isInstanceOf(NotDeliveredException.class)
        .hasMessageContaining("Exception in attempt 1");
    assertThat(receiver.requests()).hasSize(1);

    receiver.expect(new Reaction.Reset());
    send();
    assertThat(statuses()).containsExactly(0, 0, 200);
  }

  @Test
  void noAnswerIsTriedAgain() {
    receiver.expect(new Reaction.Silence());

    send();

    assertThat(statuses()).containsExactly(0, 200);
  }

  @Test
  void theAttemptsAreBounded() {
    receiver.expect(Collections.nCopies(9, new Reaction.Status(500)).toArray(Reaction[]::new));

    assertThatThrownBy(this::send).hasMessageContaining("HTTP status 500 in attempt 4");
    assertThat(receiver.requests()).hasSize(4);
  }

  @Test
  void theTimeIsBoundedWhateverTheAttemptsMayTake() {
    receiver.expect(Collections.nCopies(9, new Reaction.Silence()).toArray(Reaction[]::new));
    long start = System.nanoTime();

    assertThatThrownBy(() -> sender.send(url(), BODY, Duration.ofMillis(700)))
        .isInstanceOf(NotDeliveredException.class)
        .hasMessageContaining("no HTTP response within");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void anUnreachableHostIsReportedWithoutTheUrl() {
    ResponseUrl nobody =
        ResponseUrl.of("http://127.0.0.1:1/x?X-Amz-Signature=s", true).orElseThrow();

    assertThatThrownBy(() -> sender.send(nobody, BODY, LONG))
        .isInstanceOf(NotDeliveredException.class)
        .hasMessageContaining("ConnectException in attempt 4")
        .hasMessageNotContaining("Signature")
        .hasNoCause();
  }

  @Test
  void theJdkLogsTheUrlAtNoLevel() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getLoggerName() + " " + line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    Logger http = Logger.getLogger("sun.net.www.protocol.http.HttpURLConnection");
    Level before = root.getLevel();
    root.addHandler(handler);
    root.setLevel(Level.ALL);
    http.setLevel(Level.ALL);
    try {
      send();
      root.finest("the end");
    } finally {
      root.setLevel(before);
      root.removeHandler(handler);
    }
    assertThat(lines).anyMatch(line -> line.contains("the end"));
    assertThat(lines).noneMatch(line -> line.contains("X-Amz-Signature"));
  }

  @Test
  void theUrlIsSentAsItCame() {
    URI url = receiver.responseUrl();

    send();

    assertThat(receiver.requests().getFirst().target()).contains("%3A", "%7C", "%2F");
    assertThat(url.getRawPath()).contains("%3A");
  }
}
