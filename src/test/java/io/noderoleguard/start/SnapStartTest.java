package io.noderoleguard.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.LocalLambda;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The function of a published version, its hooks run by the real runtime interface client. */
@Timeout(120)
final class SnapStartTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final EmbeddedIam iam = EmbeddedIam.start();
  private final AtomicInteger credentialsGiven = new AtomicInteger();
  private HttpServer credentials;

  /** Where a restored function finds its credentials; in its environment there are none. */
  @BeforeEach
  void start() throws Exception {
    credentials = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    credentials.createContext(
        "/credentials",
        exchange -> {
          credentialsGiven.incrementAndGet();
          byte[] body =
              """
              {"AccessKeyId":"ASIARESTORED","SecretAccessKey":"secret","Token":"token","Expiration":"%s"}"""
                  .formatted(
                      Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    credentials.start();
  }

  @AfterEach
  void close() {
    credentials.stop(0);
    iam.close();
  }

  private LocalLambda function(String... jvmOptions) throws Exception {
    return function(iam.endpoint(), jvmOptions);
  }

  private LocalLambda function(URI endpoint, String... jvmOptions) throws Exception {
    String uri = "http://127.0.0.1:%d/credentials".formatted(credentials.getAddress().getPort());
    return LocalLambda.start(
        new FunctionOptions()
            .snapStart(true)
            .environment(Map.of("AWS_ENDPOINT_URL_IAM", endpoint.toString()))
            .credentials(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri))
            .jvmOptions(jvmOptions));
  }

  @Test
  void aSnapshotMakesNoCallAndARestoreUsesItsOwnCredentials() throws Exception {
    try (LocalLambda lambda = function()) {
      String log = lambda.awaitLog("A check was rehearsed for the snapshot.", LIMIT);
      assertThat(log).doesNotContain("failed").doesNotContain("\"status\"");
      assertThat(iam.calls()).isEmpty();
      assertThat(credentialsGiven).hasValue(0);

      var repaired = lambda.invoke(Files.readString(Path.of("events", "scheduled.json")));
      assertThat(repaired.error()).isEmpty();
      assertThat(repaired.body())
          .contains("\"status\":\"REPAIRED\"", "\"roleName\":\"NodeInstanceRole\"")
          .doesNotContain("rehearsal");
      assertThat(iam.account().getRole("NodeInstanceRole").arn())
          .isEqualTo("arn:aws:iam::123456789012:role/NodeInstanceRole");
      assertThat(iam.accessKeyIds()).containsExactly("ASIARESTORED");
      assertThat(credentialsGiven).hasPositiveValue();

      iam.forgetCalls();
      var compliant = lambda.invoke(Files.readString(Path.of("events", "direct.json")));
      assertThat(compliant.body()).contains("\"status\":\"COMPLIANT\"");
      assertThat(iam.calls()).hasSize(4);
    }
  }

  @Test
  void aRestoredFunctionRefusesAndFailsAsAnyOther() throws Exception {
    try (LocalLambda lambda = function()) {
      assertThat(lambda.invoke("[]").error())
          .hasValueSatisfying(
              error -> assertThat(error.errorType()).endsWith("RefusedEventException"));
      iam.faults().always("CreateRole", new Fault.Denied());
      assertThat(lambda.invoke("{}").error())
          .hasValueSatisfying(
              error -> assertThat(error.errorMessage()).contains("iam:CreateRole", "AccessDenied"));
    }
  }

  @Test
  void mostOfWhatTheFirstEventNeedsIsInTheSnapshot(@TempDir Path folder) throws Exception {
    RightRole.addTo(iam.account());
    Path loaded = folder.resolve("classes");
    try (LocalLambda lambda = function("-Xlog:class+load:file=" + loaded)) {
      lambda.awaitLog("A check was rehearsed for the snapshot.", LIMIT);
      int inTheSnapshot = Files.readAllLines(loaded).size();
      assertThat(lambda.invoke("{}").body()).contains("\"status\":\"COMPLIANT\"");

      // Without the rehearsal it is a thousand. The way to the container's credentials remains.
      assertThat(Files.readAllLines(loaded).size() - inTheSnapshot).isBetween(1, 300);
    }
  }

  @Test
  void whatAHandshakeTakesIsInTheSnapshot(@TempDir Path folder) throws Exception {
    Path loaded = folder.resolve("classes");
    try (LocalLambda lambda = function("-Xlog:class+load:file=" + loaded)) {
      lambda.awaitLog("A check was rehearsed for the snapshot.", LIMIT);

      String classes = Files.readString(loaded);
      // The first message, the agreement on a key, the check of a certificate
      for (String part :
          List.of(
              "sun.security.ssl.KeyShareExtension$KeyShareEntry ",
              "com.sun.crypto.provider.HKDFKeyDerivation ",
              "sun.security.validator.PKIXValidator ")) {
        assertThat(classes).contains(part);
      }
      // What a thread needs that waits for a response
      assertThat(classes).contains("sun.nio.ch.Poller ");
    }
  }
}
