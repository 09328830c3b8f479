package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PolicyDocumentTest {

  /** The trust policy as the EKS user guide prints it. */
  private static final String EC2 =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
       "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}""";

  private static PolicyDocument parse(String json) throws MalformedPolicyException {
    return PolicyReader.read(json);
  }

  /** A document of one statement. */
  private static String statement(String members) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{%s}]}".formatted(members);
  }

  static Stream<Arguments> sameMeanings() {
    return Stream.of(
        // what is put in other words, document
        arguments("as the guide prints it", EC2),
        arguments(
            "one statement outside a list",
            """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow",
            "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"""),
        arguments(
            "order of members",
            """
            {"Statement":[{"Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"},
            "Effect":"Allow"}],"Version":"2012-10-17"}"""),
        arguments(
            "an Id and the old Version, on which nothing in it depends",
            """
            {"Version":"2008-10-17","Id":"x","Statement":[{"Effect":"Allow",
            "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"""),
        arguments(
            "no Version",
            """
            {"Statement":[{"Effect":"Allow",
            "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sameMeanings")
  void sameMeaningInOtherWordsIsEqual(String what, String document) throws Exception {
    assertThat(parse(document)).isEqualTo(parse(EC2));
    assertThat(parse(document).differencesFrom(parse(EC2))).isEmpty();
  }

  static Stream<Arguments> otherMeanings() {
    return Stream.of(
        // members of the one statement, the differences in words
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com",
            "AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole"
""",
            List.of("also trusts arn:aws:iam::999999999999:root")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]},
            "Action":"sts:AssumeRole"
""",
            List.of("also trusts lambda.amazonaws.com")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com","Federated":"example.org"},
            "Action":"sts:AssumeRole"
""",
            List.of("also trusts Federated example.org")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com","AWS":"*"},
            "Action":"sts:AssumeRole"
""",
            List.of("also trusts everyone (*)")),
        arguments(
"""
            "Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"
""",
            List.of("does not trust ec2.amazonaws.com", "also trusts everyone (*)")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"*"},"Action":"sts:AssumeRole"
""",
            List.of("does not trust ec2.amazonaws.com", "also trusts every Service principal (*)")),
        arguments(
"""
            "Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::999999999999:root"},
            "Action":"sts:AssumeRole"
""",
            List.of(
                "does not trust ec2.amazonaws.com",
                "also trusts everyone but arn:aws:iam::999999999999:root")),
        arguments(
            """
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},
            "Action":["sts:AssumeRole","sts:TagSession"]""",
            List.of("also allows sts:TagSession to ec2.amazonaws.com")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:*"
""",
            List.of("does not trust ec2.amazonaws.com", "also allows sts:* to ec2.amazonaws.com")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"*"
""",
            List.of(
                "does not trust ec2.amazonaws.com",
                "also allows every action (*) to ec2.amazonaws.com")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"NotAction":"sts:Foo"
""",
            List.of(
                "does not trust ec2.amazonaws.com",
                "also allows every action but sts:foo to ec2.amazonaws.com")),
        arguments(
            """
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole",
            "Condition":{"StringEquals":{"aws:SourceAccount":["2","1"]},"Bool":{"aws:x":true}}""",
            List.of(
                "allows sts:AssumeRole to ec2.amazonaws.com only if Bool aws:x true and"
                    + " StringEquals aws:SourceAccount 1 or 2")),
        arguments(
"""
            "Effect":"Deny","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"
""",
            List.of(
                "does not trust ec2.amazonaws.com", "denies sts:AssumeRole to ec2.amazonaws.com")),
        arguments(
"""
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com.cn"},
            "Action":"sts:AssumeRole"
""",
            List.of("does not trust ec2.amazonaws.com", "also trusts ec2.amazonaws.com.cn")),
        arguments(
            """
            "Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"sts:AssumeRole",
            "Condition":{"StringEquals":{"sts:ExternalId":"x"}}""",
            List.of(
                "does not trust ec2.amazonaws.com",
                "also trusts arn:aws:iam::1:root only if StringEquals sts:ExternalId x")));
  }

  @ParameterizedTest
  @MethodSource("otherMeanings")
  void otherMeaningIsDescribedInWords(String members, List<String> differences) throws Exception {
    PolicyDocument document = parse(statement(members));

    assertThat(document).isNotEqualTo(parse(EC2));
    assertThat(document.differencesFrom(parse(EC2))).isEqualTo(differences);
    assertThat(parse(EC2).differencesFrom(document)).isNotEmpty();
  }

  @Test
  void aDenyBesideTheAllowIsReported() throws Exception {
    String document =
        """
        {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},
        {"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole",
         "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}""";

    assertThat(parse(document).differencesFrom(parse(EC2)))
        .containsExactly(
            "denies sts:AssumeRole to everyone (*) only if Bool aws:SecureTransport false");
  }

  @Test
  void aMissingConditionIsReported() throws Exception {
    String conditional =
        statement(
            """
            "Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole",
            "Condition":{"StringEquals":{"aws:SourceAccount":"1"}}""");

    assertThat(parse(EC2).differencesFrom(parse(conditional)))
        .containsExactly("allows sts:AssumeRole to ec2.amazonaws.com without a condition");
  }

  @Test
  void aMissingConditionalPermissionIsNamedBesideAnother() throws Exception {
    String statements =
        """
        {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole",
         "Condition":{"StringEquals":{"aws:SourceAccount":"%s"}}}""";
    String one = "{\"Statement\":[%s]}".formatted(statements.formatted("1"));
    String both =
        "{\"Statement\":[%s,%s]}".formatted(statements.formatted("1"), statements.formatted("2"));

    assertThat(parse(one).differencesFrom(parse(both)))
        .containsExactly(
            "does not trust ec2.amazonaws.com only if StringEquals aws:SourceAccount 2");
  }

  @Test
  void theVersionCountsWhereADocumentHasAVariable() throws Exception {
    String members =
        """
        "Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole",
        "Condition":{"StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"}}""";
    PolicyDocument variable = parse(statement(members));
    PolicyDocument literal = parse("{\"Statement\":[{%s}]}".formatted(members));

    assertThat(literal).isNotEqualTo(variable);
    assertThat(literal.differencesFrom(variable))
        .containsExactly("takes ${…} as plain text (Version 2008-10-17)");
    assertThat(variable.differencesFrom(literal))
        .containsExactly("takes ${…} as a variable (Version 2012-10-17)");
  }

  @Test
  void aResourceCounts() throws Exception {
    String allowed = "\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"%s\"";

    assertThat(
            parse(statement(allowed.formatted("*")))
                .differencesFrom(parse(statement(allowed.formatted("arn:aws:s3:::b/*")))))
        .containsExactly(
            "does not allow s3:getobject to whoever has this policy on arn:aws:s3:::b/*",
            "also trusts whoever has this policy on everything (*)");
  }

  @Test
  void aLetterOutsideAsciiIsNoLetterOfAnAction() throws Exception {
    String kelvin = statement("\"Effect\":\"Allow\",\"Action\":\"sts:GetAccess\u212AeyInfo\"");
    String k = statement("\"Effect\":\"Allow\",\"Action\":\"sts:GetAccessKeyInfo\"");

    assertThat(parse(kelvin)).isNotEqualTo(parse(k));
  }

  static Stream<Arguments> malformedDocuments() {
    String ec2 = "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}";
    String allow = "\"Effect\":\"Allow\"," + ec2 + ",\"Action\":\"sts:AssumeRole\"";
    return Stream.of(
        // document, reason
        arguments("", "it is empty"),
        arguments("[]", "the document is an array where an object belongs"),
        arguments("{}", "it has no Statement"),
        arguments("{\"Statement\":null}", "it has no Statement"),
        arguments("{\"Statement\":[null]}", "a Statement is null where an object belongs"),
        arguments(
            "{\"Version\":\"2020-01-01\",\"Statement\":[]}",
            "its Version is neither 2012-10-17 nor 2008-10-17"),
        arguments(
            "{\"Version\":2012,\"Statement\":[]}", "Version is a number where a string belongs"),
        arguments("{\"Statement\":[],\"Extra\":1}", "the document has the unknown member [Extra]"),
        arguments("{\"Id\":1,\"Statement\":[]}", "Id is a number where a string belongs"),
        arguments(statement(allow + ",\"Sid\":1"), "Sid is a number where a string belongs"),
        arguments(statement(ec2), "Effect is null where a string belongs"),
        arguments(
            statement("\"Effect\":\"allow\"," + ec2 + ",\"Action\":\"sts:AssumeRole\""),
            "an Effect is neither Allow nor Deny"),
        arguments(
            statement("\"Effect\":\"Allow\"," + ec2),
            "a Statement has neither Action nor NotAction"),
        arguments(
            statement(allow + ",\"NotAction\":\"sts:TagSession\""),
            "a Statement has both Action and NotAction"),
        arguments(
            statement("\"Effect\":\"Allow\"," + ec2 + ",\"Action\":[]"),
            "a Statement's Action is empty"),
        arguments(
            statement("\"Effect\":\"Allow\",\"Principal\":{},\"Action\":\"sts:AssumeRole\""),
            "a Statement's Principal is empty"),
        arguments(
            statement("\"Effect\":\"Allow\",\"Principal\":\"me\",\"Action\":\"sts:AssumeRole\""),
            "a Principal is a string other than \"*\""),
        arguments(
            statement(
                "\"Effect\":\"Allow\",\"Principal\":{\"Aws\":\"*\"},\"Action\":\"sts:AssumeRole\""),
            "a Principal has the unknown member [Aws]"),
        arguments(
            statement(
                "\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[1]},\"Action\":\"sts:AssumeRole\""),
            "Principal is a number where a string belongs"),
        arguments(statement(allow + ",\"Extra\":1"), "a Statement has the unknown member [Extra]"),
        arguments(
            statement(allow + ",\"Condition\":[]"),
            "a Condition is an array where an object belongs"),
        arguments(
            statement(allow + ",\"Condition\":{\"Null\":{\"aws:x\":null}}"),
            "a value in a Condition is null"),
        arguments(
            statement(allow + ",\"Condition\":{\"NumericEquals\":{\"aws:x\":1e2}}"),
            "a number in a Condition is not whole, or too long"),
        arguments(
            statement(allow + ",\"Condition\":{\"NumericEquals\":{\"aws:x\":-0}}"),
            "a number in a Condition is not whole, or too long"),
        arguments(statement(allow + "," + allow), "the member \"Effect\" is there twice"));
  }

  @ParameterizedTest
  @MethodSource("malformedDocuments")
  void anAmbiguousDocumentIsRefused(String document, String reason) {
    assertThatThrownBy(() -> parse(document))
        .isInstanceOfSatisfying(
            MalformedPolicyException.class,
            malformed -> assertThat(malformed.reason()).isEqualTo(reason));
  }
}
