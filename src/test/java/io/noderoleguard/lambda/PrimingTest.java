package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class PrimingTest {

  private static final String OF_IAM = "AWS_ENDPOINT_URL_IAM";
  private static final String OF_ALL = "AWS_ENDPOINT_URL";

  @Test
  void allThatIsPreparedCanBe() {
    assertThatCode(JdkParts::load).doesNotThrowAnyException();
    assertThatCode(HandshakeParts::load).doesNotThrowAnyException();
  }

  @Test
  void aHandshakeIsPreparedUnlessIamIsCalledWithout() {
    assertThat(Priming.callsOverTls(Map.of())).isTrue();
    assertThat(Priming.callsOverTls(Map.of(OF_IAM, "https://vpce.example"))).isTrue();
    assertThat(Priming.callsOverTls(Map.of(OF_IAM, "http://127.0.0.1:1"))).isFalse();
    assertThat(Priming.callsOverTls(Map.of(OF_ALL, "http://127.0.0.1:1"))).isFalse();
  }

  @Test
  void theEndpointOfIamCountsMoreThanThatOfAllServices() {
    assertThat(Priming.callsOverTls(Map.of(OF_IAM, "https://a", OF_ALL, "http://b"))).isTrue();
    assertThat(Priming.callsOverTls(Map.of(OF_IAM, "http://a", OF_ALL, "https://b"))).isFalse();
  }
}
