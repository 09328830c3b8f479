package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents that look alike: those that mean different things, and those that only look it. */
final class PoliciesThatDifferTest {

  private static final String EC2 = "{\"Service\":\"ec2.amazonaws.com\"}";

  private static String allow(String principal, String action, String condition) {
    return """
        {"Effect":"Allow","Principal":%s,"Action":%s,"Condition":%s}"""
        .formatted(principal, action, condition);
  }

  private static String trust(String principal) {
    return allow(principal, "\"sts:AssumeRole\"", "{}");
  }

  private static String act(String action) {
    return allow(EC2, action, "{}");
  }

  private static String given(String condition) {
    return allow(EC2, "\"sts:AssumeRole\"", condition);
  }

  private static Arguments pair(String what, String one, String other) {
    return arguments(what, one, other);
  }

  static Stream<Arguments> differentMeanings() {
    String allowEc2 = trust(EC2);
    String equalsOne = "{\"StringEquals\":{\"aws:SourceAccount\":\"1\"}}";
    return Stream.of(
        pair("no statement at all", allowEc2, ""),
        pair("EC2 and EC2 in China", allowEc2, trust("{\"Service\":\"ec2.amazonaws.com.cn\"}")),
        pair(
            "a service whose name begins alike",
            allowEc2,
            trust("{\"Service\":\"ec2.amazonaws.co\"}")),
        pair(
            "a service and its regional name",
            allowEc2,
            trust("{\"Service\":\"ec2.eu-west-1.amazonaws.com\"}")),
        pair(
            "a Cyrillic letter in a service",
            allowEc2,
            trust("{\"Service\":\"е\\u04412.amazonaws.com\"}")),
        pair("a space in a service", allowEc2, trust("{\"Service\":\"ec2.amazonaws.com \"}")),
        pair("letter case of a service", allowEc2, trust("{\"Service\":\"EC2.amazonaws.com\"}")),
        pair("NUL in a service", allowEc2, trust("{\"Service\":\"ec2.amazonaws.com\\u0000\"}")),
        pair(
            "half a surrogate pair and a question mark",
            trust("{\"AWS\":\"\\ud800\"}"),
            trust("{\"AWS\":\"?\"}")),
        pair(
            "the same name as another type",
            allowEc2,
            trust("{\"Federated\":\"ec2.amazonaws.com\"}")),
        pair(
            "an AWS principal and a CanonicalUser",
            trust("{\"AWS\":\"79a5\"}"),
            trust("{\"CanonicalUser\":\"79a5\"}")),
        pair(
            "a second principal",
            allowEc2,
            trust("{\"Service\":[\"ec2.amazonaws.com\",\"ssm.amazonaws.com\"]}")),
        pair(
            "a principal of another type beside it",
            allowEc2,
            trust("{\"Service\":\"ec2.amazonaws.com\",\"AWS\":\"1\"}")),
        pair("everyone", allowEc2, trust("\"*\"")),
        pair("every service", allowEc2, trust("{\"Service\":\"*\"}")),
        pair("everyone and every federated user", trust("\"*\""), trust("{\"Federated\":\"*\"}")),
        pair(
            "an account and one of its roles",
            trust("{\"AWS\":\"arn:aws:iam::1:root\"}"),
            trust("{\"AWS\":\"arn:aws:iam::1:role/x\"}")),
        pair(
            "an account and another",
            trust("{\"AWS\":\"arn:aws:iam::1:root\"}"),
            trust("{\"AWS\":\"arn:aws:iam::2:root\"}")),
        pair(
            "an account of another partition",
            trust("{\"AWS\":\"arn:aws:iam::1:root\"}"),
            trust("{\"AWS\":\"arn:aws-cn:iam::1:root\"}")),
        pair(
            "letter case of a role",
            trust("{\"AWS\":\"arn:aws:iam::1:role/x\"}"),
            trust("{\"AWS\":\"arn:aws:iam::1:role/X\"}")),
        pair("a principal and all but it", allowEc2, allowEc2.replace("Principal", "NotPrincipal")),
        pair(
            "all but two, and all but each",
            trust("{\"AWS\":[\"1\",\"2\"]}").replace("Principal", "NotPrincipal"),
            trust("{\"AWS\":\"1\"}").replace("Principal", "NotPrincipal")
                + ","
                + trust("{\"AWS\":\"2\"}").replace("Principal", "NotPrincipal")),
        pair(
            "Allow to all but, and Deny",
            allowEc2.replace("Principal", "NotPrincipal"),
            allowEc2.replace("Allow", "Deny")),
        pair("Allow and Deny", allowEc2, allowEc2.replace("Allow", "Deny")),
        pair(
            "a Deny beside the Allow",
            allowEc2,
            allowEc2 + "," + allowEc2.replace("Allow", "Deny")),
        pair(
            "a conditional Deny beside the Allow",
            allowEc2,
            allowEc2 + "," + given(equalsOne).replace("Allow", "Deny")),
        pair("another action", allowEc2, act("\"sts:TagSession\"")),
        pair("a second action", allowEc2, act("[\"sts:AssumeRole\",\"sts:TagSession\"]")),
        pair("an action whose name begins alike", allowEc2, act("\"sts:AssumeRoleWithSAML\"")),
        pair("all actions of STS", allowEc2, act("\"sts:*\"")),
        pair("all actions", act("\"sts:*\""), act("\"*\"")),
        pair("a wildcard at the end", allowEc2, act("\"sts:AssumeRole*\"")),
        pair("a wildcard for one letter", allowEc2, act("\"sts:AssumeRol?\"")),
        pair("an action and all but it", allowEc2, allowEc2.replace("Action", "NotAction")),
        pair(
            "all actions but two, and all but each",
            act("[\"sts:A\",\"sts:B\"]").replace("Action", "NotAction"),
            act("\"sts:A\"").replace("Action", "NotAction")
                + ","
                + act("\"sts:B\"").replace("Action", "NotAction")),
        pair("an action of another service", allowEc2, act("\"ec2:AssumeRole\"")),
        pair("a condition and none", allowEc2, given(equalsOne)),
        pair(
            "another value",
            given(equalsOne),
            given("{\"StringEquals\":{\"aws:SourceAccount\":\"2\"}}")),
        pair(
            "a second value",
            given(equalsOne),
            given("{\"StringEquals\":{\"aws:SourceAccount\":[\"1\",\"2\"]}}")),
        pair(
            "no value that would do",
            given(equalsOne),
            given("{\"StringEquals\":{\"aws:SourceAccount\":[]}}")),
        pair(
            "letter case of a value",
            given("{\"StringEquals\":{\"a:b\":\"x\"}}"),
            given("{\"StringEquals\":{\"a:b\":\"X\"}}")),
        pair(
            "another key",
            given(equalsOne),
            given("{\"StringEquals\":{\"aws:PrincipalAccount\":\"1\"}}")),
        pair(
            "StringEquals and StringLike",
            given(equalsOne),
            given(equalsOne.replace("StringEquals", "StringLike"))),
        pair(
            "StringEquals and StringNotEquals",
            given(equalsOne),
            given(equalsOne.replace("StringEquals", "StringNotEquals"))),
        pair(
            "StringEquals and StringEqualsIgnoreCase",
            given(equalsOne),
            given(equalsOne.replace("StringEquals", "StringEqualsIgnoreCase"))),
        pair(
            "StringEquals and NumericEquals",
            given(equalsOne),
            given(equalsOne.replace("StringEquals", "NumericEquals"))),
        pair(
            "with and without IfExists",
            given(equalsOne),
            given(equalsOne.replace("StringEquals", "StringEqualsIfExists"))),
        pair(
            "ForAnyValue and ForAllValues",
            given(equalsOne.replace("StringEquals", "ForAnyValue:StringEquals")),
            given(equalsOne.replace("StringEquals", "ForAllValues:StringEquals"))),
        pair(
            "Null true and false",
            given("{\"Null\":{\"a:b\":true}}"),
            given("{\"Null\":{\"a:b\":false}}")),
        pair(
            "Bool true and false",
            given("{\"Bool\":{\"a:b\":\"true\"}}"),
            given("{\"Bool\":{\"a:b\":\"false\"}}")),
        pair(
            "an ARN and one like it",
            given("{\"ArnEquals\":{\"a:b\":\"arn:x\"}}"),
            given("{\"ArnNotEquals\":{\"a:b\":\"arn:x\"}}")),
        pair(
            "a network and a part of it",
            given("{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}"),
            given("{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/16\"}}")),
        pair(
            "a number and another",
            given("{\"NumericLessThan\":{\"a:b\":60}}"),
            given("{\"NumericLessThan\":{\"a:b\":600}}")),
        pair(
            "both conditions, and either",
            given("{\"StringEquals\":{\"a:b\":\"1\",\"c:d\":\"2\"}}"),
            given("{\"StringEquals\":{\"a:b\":\"1\"}}")
                + ","
                + given("{\"StringEquals\":{\"c:d\":\"2\"}}")),
        pair(
            "one condition of two",
            given("{\"StringEquals\":{\"a:b\":\"1\",\"c:d\":\"2\"}}"),
            given("{\"StringEquals\":{\"a:b\":\"1\"}}")),
        pair(
            "a resource and none",
            allowEc2,
            allowEc2.replace("\"Action\"", "\"Resource\":\"*\",\"Action\"")),
        pair(
            "a resource and all but it",
            allowEc2.replace("\"Action\"", "\"Resource\":\"a\",\"Action\""),
            allowEc2.replace("\"Action\"", "\"NotResource\":\"a\",\"Action\"")));
  }

  static Stream<Arguments> sameMeanings() {
    String allowEc2 = trust(EC2);
    String tag = act("\"sts:TagSession\"");
    return Stream.of(
        pair("everyone, in both ways", trust("\"*\""), trust("{\"AWS\":\"*\"}")),
        pair("a list of one principal", allowEc2, trust("{\"Service\":[\"ec2.amazonaws.com\"]}")),
        pair(
            "a principal twice",
            allowEc2,
            trust("{\"Service\":[\"ec2.amazonaws.com\",\"ec2.amazonaws.com\"]}")),
        pair(
            "order of principals",
            trust("{\"AWS\":[\"1\",\"2\"]}"),
            trust("{\"AWS\":[\"2\",\"1\"]}")),
        pair(
            "order of types",
            trust("{\"AWS\":\"1\",\"Service\":\"s\"}"),
            trust("{\"Service\":\"s\",\"AWS\":\"1\"}")),
        pair(
            "two principals, a statement each",
            trust("{\"AWS\":[\"1\",\"2\"]}"),
            trust("{\"AWS\":\"1\"}") + "," + trust("{\"AWS\":\"2\"}")),
        pair(
            "order within all but",
            trust("{\"AWS\":[\"1\",\"2\"]}").replace("Principal", "NotPrincipal"),
            trust("{\"AWS\":[\"2\",\"1\",\"2\"]}").replace("Principal", "NotPrincipal")),
        pair("a list of one action", allowEc2, act("[\"sts:AssumeRole\"]")),
        pair("letter case of an action", allowEc2, act("\"STS:assumerole\"")),
        pair(
            "letter case of an action with a wildcard",
            act("\"sts:Assume*\""),
            act("\"STS:ASSUME*\"")),
        pair(
            "two actions, a statement each",
            act("[\"sts:AssumeRole\",\"sts:TagSession\"]"),
            tag + "," + allowEc2),
        pair("a statement twice", allowEc2, allowEc2 + "," + allowEc2),
        pair("order of statements", allowEc2 + "," + tag, tag + "," + allowEc2),
        pair("a Sid", allowEc2, allowEc2.replace("\"Effect\"", "\"Sid\":\"x\",\"Effect\"")),
        pair("no condition, in three ways", allowEc2, given("{\"StringEquals\":{}}")),
        pair(
            "a list of one value",
            given("{\"StringEquals\":{\"a:b\":\"1\"}}"),
            given("{\"StringEquals\":{\"a:b\":[\"1\"]}}")),
        pair(
            "order of values",
            given("{\"StringEquals\":{\"a:b\":[\"1\",\"2\"]}}"),
            given("{\"StringEquals\":{\"a:b\":[\"2\",\"1\",\"2\"]}}")),
        pair(
            "order of operators",
            given("{\"Bool\":{\"a:b\":\"true\"},\"Null\":{\"a:b\":\"false\"}}"),
            given("{\"Null\":{\"a:b\":\"false\"},\"Bool\":{\"a:b\":\"true\"}}")),
        pair(
            "true without quotation marks",
            given("{\"Bool\":{\"a:b\":\"true\"}}"),
            given("{\"Bool\":{\"a:b\":true}}")),
        pair(
            "a number without quotation marks",
            given("{\"NumericLessThan\":{\"a:b\":\"60\"}}"),
            given("{\"NumericLessThan\":{\"a:b\":60}}")),
        pair("an escaped letter", allowEc2, trust("{\"Service\":\"\\u0065c2.amazonaws.com\"}")),
        pair("white space", allowEc2, allowEc2.replace(",", " ,\n\t")));
  }

  /** It is not certain, or takes knowledge of a key or operator, that they mean the same. */
  static Stream<Arguments> sameMeaningsThatDiffer() {
    return Stream.of(
        pair(
            "an account by its number",
            trust("{\"AWS\":\"1\"}"),
            trust("{\"AWS\":\"arn:aws:iam::1:root\"}")),
        pair(
            "a wildcard and what it covers",
            act("\"sts:*\""),
            act("[\"sts:*\",\"sts:AssumeRole\"]")),
        pair(
            "letter case of a condition's key",
            given("{\"Bool\":{\"aws:SecureTransport\":\"true\"}}"),
            given("{\"Bool\":{\"aws:securetransport\":\"true\"}}")),
        pair(
            "a number in another form",
            given("{\"NumericEquals\":{\"a:b\":1}}"),
            given("{\"NumericEquals\":{\"a:b\":\"1.0\"}}")),
        pair("a Deny without an Allow, and nothing", trust(EC2).replace("Allow", "Deny"), ""));
  }

  private static PolicyDocument of(String statements) throws MalformedPolicyException {
    return PolicyReader.read(
        "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}".formatted(statements));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"differentMeanings", "sameMeaningsThatDiffer"})
  void whatMayMeanDifferentThingsIsNeverEqual(String what, String one, String other)
      throws Exception {
    assertThat(of(one)).isNotEqualTo(of(other));
    assertThat(of(other)).isNotEqualTo(of(one));
    assertThat(of(one).differencesFrom(of(other))).isNotEmpty();
    assertThat(of(other).differencesFrom(of(one))).isNotEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sameMeanings")
  void whatOnlyLooksDifferentIsEqual(String what, String one, String other) throws Exception {
    assertThat(of(one)).isEqualTo(of(other)).hasSameHashCodeAs(of(other));
    assertThat(of(other)).isEqualTo(of(one));
    assertThat(of(one).differencesFrom(of(other))).isEmpty();
  }
}
