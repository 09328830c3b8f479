package io.noderoleguard.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public final class ResponseUrlTest {

  private static final String BUCKET = "cloudformation-custom-resource-response-";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "useast1.s3.amazonaws.com",
        "useast1.s3.us-east-1.amazonaws.com",
        "useast2.s3.us-east-2.amazonaws.com",
        "euwest1.s3-eu-west-1.amazonaws.com",
        "eucentral1.s3.eu-central-1.amazonaws.com",
        "apnortheast1.s3-ap-northeast-1.amazonaws.com",
        "mxcentral1.s3.mx-central-1.amazonaws.com",
        "usgovwest1.s3.us-gov-west-1.amazonaws.com",
        "usgoveast1.s3-us-gov-east-1.amazonaws.com",
        "cnnorth1.s3.cn-north-1.amazonaws.com.cn",
        "cnnorthwest1.s3.cn-northwest-1.amazonaws.com.cn",
        "usisoeast1.s3.us-iso-east-1.c2s.ic.gov",
        "usisobeast1.s3.us-isob-east-1.sc2s.sgov.gov",
        "euisoewest1.s3.eu-isoe-west-1.cloud.adc-e.uk",
        "usisofsouth1.s3.us-isof-south-1.csp.hci.ic.gov",
        "euscdeeast1.s3.eusc-de-east-1.amazonaws.eu"
      })
  void theBucketOfEachPartitionAndStyleIsAccepted(String rest) {
    String url = "https://" + BUCKET + rest + "/arn%3Aaws%3A?X-Amz-Signature=1%2F2";

    assertThat(ResponseUrl.of(url, false))
        .hasValueSatisfying(accepted -> assertThat(accepted.secret()).hasToString(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // not https, not a URL
        "http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "HTTPS://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "ftp://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "file:///etc/passwd",
        "cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "https:cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "https://",
        "https:// ",
        "",
        // another host
        "https://evil.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://127.0.0.1/x",
        "http://localhost/x",
        "https://host.docker.internal/x",
        // a look-alike
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.evil.example/x",
        "https://cloudformation-custom-resource-response-useast1.s3.us-east-1.evil.example/x",
        "https://evil.cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.evilamazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1-s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3xus-east-1.amazonaws.com/x",
        "https://evil.example/cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "https://evil.example?cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "https://evil.example#cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        "https://evil.example\\@cloudformation-custom-resource-response-useast1.s3.amazonaws.com",
        // anybody's bucket
        "https://cloudformation-custom-resource-response-evil1.s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-eucentral1.s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-evil1.s3.eu-west-1.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-x.s3.eu-west-1.amazonaws.com/x",
        "https://cloudformation-custom-resource-response.s3.eu-west-1.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.eu-west-1.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com.cn/x",
        "https://evil.s3.amazonaws.com/x",
        "https://s3.amazonaws.com/cloudformation-custom-resource-response-useast1/x",
        // a website or an accelerated endpoint
        "https://cloudformation-custom-resource-response-useast1.s3-website-us-east-1.amazonaws.com/",
        "https://cloudformation-custom-resource-response-useast1.s3-accelerate.amazonaws.com/x",
        // a user, a port, other spellings of the host
        "https://cloudformation-custom-resource-response-x@evil.example/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com@evil.example/",
        "https://u:p@cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "https://@cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com:8443/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com:/x",
        "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com./x",
        "https://Cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x",
        "https://cloudformation-custom-resource-response-useast1.s3.AMAZONAWS.com/x",
        "https://cloudformation-custom-resource-response-useast1%2Es3.amazonaws.com/x"
      })
  void anythingElseIsRefused(String url) {
    assertThat(ResponseUrl.of(url, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080/x",
        "https://localhost/x",
        "http://127.0.0.1:3000/x",
        "http://127.1.2.3/x",
        "http://[::1]:80/x",
        "http://host.docker.internal:3001/x"
      })
  void thisMachineIsAcceptedUnderSamOnly(String url) {
    assertThat(ResponseUrl.of(url, true)).isPresent();
    assertThat(ResponseUrl.of(url, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/x",
        "http://10.0.0.1/x",
        "http://169.254.169.254/x",
        "http://127.0.0.1.evil.example/x",
        "http://localhost.evil.example/x",
        "http://localhost@evil.example/x",
        "http://user@localhost/x",
        "ftp://localhost/x",
        "http://0.0.0.0/x"
      })
  void otherMachinesAreRefusedUnderSamToo(String url) {
    assertThat(ResponseUrl.of(url, true)).isEmpty();
  }

  @Test
  void theUrlHasNoTextFormAndIsRemovedFromTexts() {
    String url = "http://localhost/x?X-Amz-Signature=abc%2Fdef";
    ResponseUrl accepted = ResponseUrl.of(url, true).orElseThrow();

    assertThat(accepted).hasToString("(ResponseURL)");
    assertThat(accepted.redact("a " + url + " b /x?X-Amz-Signature=abc%2Fdef c"))
        .isEqualTo("a (ResponseURL) b /x?… c");
  }
}
