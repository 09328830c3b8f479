package io.noderoleguard.local.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Header;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Reaction;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CloudFormationReceiverTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final CloudFormationReceiver receiver;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  CloudFormationReceiverTest() throws IOException {
    receiver = CloudFormationReceiver.start();
  }

  @AfterEach
  void close() throws IOException {
    client.shutdownNow();
    receiver.close();
  }

  private HttpRequest.Builder put(String body) {
    return HttpRequest.newBuilder(receiver.responseUrl()).PUT(BodyPublishers.ofString(body));
  }

  private HttpResponse<Void> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.discarding());
  }

  @Test
  void aSignedPutIsAcceptedAndRecordedAsSent() throws Exception {
    String body = "{\"Status\":\"SUCCESS\",\"Reason\":\"grün\"}";

    assertThat(send(put(body).header("X-As-Sent", "Yes")).statusCode()).isEqualTo(200);

    Request answer = receiver.awaitAnswer(SOON);
    assertThat(answer.method()).isEqualTo("PUT");
    assertThat(answer.target())
        .isEqualTo(
            receiver.responseUrl().getRawPath() + "?" + receiver.responseUrl().getRawQuery());
    assertThat(answer.headers())
        .contains(new Header("X-As-Sent", "Yes"), new Header("Content-Length", "37"));
    assertThat(answer.body()).isEqualTo(body);
    assertThat(receiver.requests()).containsExactly(answer);
  }

  @Test
  void theUrlLooksLikeAPreSignedOne() {
    assertThat(receiver.responseUrl())
        .hasScheme("http")
        .hasHost("127.0.0.1")
        .hasParameter("X-Amz-Signature")
        .asString()
        .contains("/arn%3Aaws%3Acloudformation%3A", "%7CNodeRole%7C");
  }

  @Test
  void aContentTypeBreaksTheSignature() throws Exception {
    assertThat(send(put("{}").header("Content-Type", "application/json")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void anotherMethodBreaksTheSignature() throws Exception {
    assertThat(send(put("{}").POST(BodyPublishers.ofString("{}"))).statusCode()).isEqualTo(403);
  }

  @Test
  void aUrlThatWasDecodedBreaksTheSignature() throws Exception {
    URI decoded = URI.create(receiver.responseUrl().toString().replace("%3A", ":"));

    assertThat(send(put("{}").uri(decoded)).statusCode()).isEqualTo(403);
  }

  @Test
  void aBodyWithoutLengthIsRefused() throws Exception {
    HttpRequest.Builder chunked =
        put("{}").PUT(BodyPublishers.fromPublisher(BodyPublishers.ofString("{}")));

    assertThat(send(chunked).statusCode()).isEqualTo(411);
  }

  @Test
  void aBodyThatIsNotUtf8IsRefused() throws Exception {
    assertThat(send(put("").PUT(BodyPublishers.ofByteArray(new byte[] {(byte) 0xff}))).statusCode())
        .isEqualTo(400);
  }

  @Test
  void theScriptIsFollowedRequestByRequest() throws Exception {
    receiver.expect(new Reaction.Status(500), new Reaction.Status(500));

    assertThat(send(put("1")).statusCode()).isEqualTo(500);
    assertThat(send(put("2")).statusCode()).isEqualTo(500);
    assertThat(send(put("3")).statusCode()).isEqualTo(200);

    assertThat(receiver.awaitAnswer(SOON).body()).isEqualTo("3");
    assertThat(receiver.requests()).extracting(Request::body).containsExactly("1", "2", "3");
  }

  @Test
  void aRedirectionNamesThePlace() throws Exception {
    receiver.expect(new Reaction.Redirect(URI.create("http://127.0.0.1:9/elsewhere")));

    HttpResponse<Void> response = send(put("{}"));

    assertThat(response.statusCode()).isEqualTo(307);
    assertThat(response.headers().firstValue("Location")).hasValue("http://127.0.0.1:9/elsewhere");
  }

  @Test
  void aSlowAnswerComesAfterItsDelay() throws Exception {
    receiver.expect(new Reaction.Slow(Duration.ofMillis(300)));
    long sent = System.nanoTime();

    assertThat(send(put("{}")).statusCode()).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThan(Duration.ofMillis(299));
  }

  @Test
  void aResetIsAnErrorOfTheConnection() throws Exception {
    receiver.expect(new Reaction.Reset());

    assertThatExceptionOfType(IOException.class).isThrownBy(() -> send(put("{}")));

    assertThat(receiver.requests()).extracting(Request::accepted).containsOnly(false);
  }

  @Test
  void silenceLastsUntilTheClientGivesUp() {
    receiver.expect(new Reaction.Silence());

    assertThatExceptionOfType(HttpTimeoutException.class)
        .isThrownBy(() -> send(put("{}").timeout(Duration.ofMillis(300))));
  }

  @Test
  void waitingForAnAnswerThatIsNeverAcceptedSaysWhatArrived() throws Exception {
    receiver.expect(new Reaction.Status(403));
    send(put("{}"));

    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> receiver.awaitAnswer(Duration.ofMillis(100)))
        .withMessageContaining("[403]");
  }
}
