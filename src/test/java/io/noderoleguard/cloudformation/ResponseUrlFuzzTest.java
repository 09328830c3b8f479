package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** No text makes the function call a host that is not CloudFormation's. */
final class ResponseUrlFuzzTest {

  static Stream<byte[]> examples() {
    String bucket = "cloudformation-custom-resource-response-";
    return Stream.of(
            "https://" + bucket + "useast1.s3.amazonaws.com/arn%3Aaws/x?X-Amz-Signature=secret",
            "https://" + bucket + "euwest1.s3-eu-west-1.amazonaws.com/x?X-Amz-Signature=secret",
            "https://" + bucket + "cnnorth1.s3.cn-north-1.amazonaws.com.cn/x",
            "https://" + bucket + "useast1.s3.amazonaws.com@evil.example/x",
            "https://" + bucket + "useast1.s3.amazonaws.com:8443/x",
            "https://" + bucket + "euwest1.s3-eu-west-2.amazonaws.com/x",
            "https://evil.example/#" + bucket + "useast1.s3.amazonaws.com",
            "http://127.0.0.1:8080/x")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @DictionaryEntries({
    "https://",
    "cloudformation-custom-resource-response-",
    ".s3.amazonaws.com",
    ".amazonaws.com.cn",
    "@",
    "\\",
    "%2e",
    "#",
    ":443"
  })
  @MethodSource("examples")
  @FuzzTest(maxDuration = "5m")
  void onlyCloudFormationIsCalled(byte[] bytes) throws MalformedURLException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Optional<ResponseUrl> url = ResponseUrl.of(text, false);
    if (url.isPresent()) {
      // What is called in the end, as the client of the JDK reads it
      URL called = url.get().secret().toURL();
      assertThat(called.getProtocol()).isEqualTo("https");
      assertThat(called.getPort()).isEqualTo(-1);
      assertThat(called.getUserInfo()).isNull();
      assertThat(called.getHost())
          .startsWith("cloudformation-custom-resource-response-")
          .matches("[a-z0-9.-]+")
          .containsPattern("\\.(amazonaws\\.com(\\.cn)?|amazonaws\\.eu|gov|uk)$");
      assertThat(url.get().redact("PUT " + text)).doesNotContain(text);
    }
  }
}
