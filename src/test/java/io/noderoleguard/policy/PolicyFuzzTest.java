package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever text a role's trust policy is, its meaning is told or the text is refused. */
final class PolicyFuzzTest {

  private static final String EC2_ONLY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":["ec2.amazonaws.com"]},"Action":"sts:AssumeRole"}]}""";

  static Stream<byte[]> examples() {
    return Stream.of(
            EC2_ONLY,
            """
        {"Version":"2008-10-17","Id":"x","Statement":{"Sid":"y","Effect":"Deny",\
        "NotPrincipal":{"AWS":["123456789012","*"],"Federated":"cognito-identity.amazonaws.com"},\
        "NotAction":["sts:*"],"Resource":"*",\
        "Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"a":[1,2500]}}}}""",
            """
        {"Statement":[{"Effect":"Allow","Principal":"*","Action":["sts:assumerole","STS:TagSession"],\
        "Condition":{"StringLike":{"aws:PrincipalArn":["${aws:username}","?*"]}}}]}""")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @DictionaryEntries({
    "\"Statement\":",
    "\"Effect\":\"Allow\"",
    "\"Effect\":\"Deny\"",
    "\"Principal\":",
    "\"NotPrincipal\":",
    "\"Action\":",
    "\"NotAction\":",
    "\"Resource\":",
    "\"NotResource\":",
    "\"Condition\":",
    "\"CanonicalUser\":",
    "\"Federated\":",
    "\"Service\":",
    "${aws:username}"
  })
  @MethodSource("examples")
  @FuzzTest(maxDuration = "5m")
  void aPolicyIsUnderstoodOrRefused(byte[] bytes) throws MalformedPolicyException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    PolicyDocument ec2Only = PolicyReader.read(EC2_ONLY);
    PolicyDocument policy;
    try {
      policy = PolicyReader.read(text);
    } catch (MalformedPolicyException documented) {
      assertThat(documented.reason()).isNotBlank();
      return;
    }
    assertThat(policy).isEqualTo(PolicyReader.read(text + " "));
    assertThat(policy.differencesFrom(policy)).isEmpty();
    assertThat(policy.differencesFrom(ec2Only).isEmpty()).isEqualTo(policy.equals(ec2Only));
    assertThat(ec2Only.equals(policy)).isEqualTo(policy.equals(ec2Only));
  }
}
