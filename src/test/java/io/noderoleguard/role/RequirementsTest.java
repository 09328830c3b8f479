package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.role.Requirements.Part;
import io.noderoleguard.role.Requirements.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequirementsTest {

  private static final Requirements WRONG =
      new Requirements(
          Optional.of("eks"), List.of("No Policy"), Optional.of("Boundary"), Map.of("aws:x", "y"));

  @Test
  void allThatIsWrongIsStatedAtOnceWithThePartThatItIsAbout() {
    assertThat(WRONG.problems())
        .extracting(Problem::part)
        .containsExactly(Part.PATH, Part.POLICIES, Part.PERMISSIONS_BOUNDARY, Part.TAGS);
    assertThat(WRONG.problems().toString())
        .contains("\"eks\"", "\"No Policy\"", "\"Boundary\"", "\"aws:x\"");
  }

  private static List<String> problemsWith(String trustPolicy, InstanceProfileUse use) {
    return new Requirements(
            Optional.empty(),
            List.of(),
            Optional.of(trustPolicy.replace('\'', '"')),
            use,
            Optional.empty(),
            Map.of())
        .problems().stream().map(Problem::text).toList();
  }

  private static String statement(String members) {
    return "{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
        + "'Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:AssumeRole'},"
        + members
        + "]}";
  }

  static Stream<Arguments> wrongTrustPolicies() {
    return Stream.of(
        // trust policy, a part of the problem
        arguments("no JSON", "it is not valid JSON (line 1, column"),
        arguments("{'Statement':[]} {}", "something follows the JSON value"),
        arguments("{'Version':'2012-10-17'}", "it has no Statement"),
        arguments(statement("{'Effect':'Allow'}"), "(statement 2)"),
        arguments(
            statement("{'Effect':'Maybe','Principal':'*','Action':'sts:AssumeRole'}"),
            "an Effect is neither Allow nor Deny (statement 2)"),
        arguments(
            statement("{'Effect':'Allow','Principle':'*','Action':'sts:AssumeRole'}"),
            "unknown member [Principle] (statement 2)"),
        arguments(statement("{'Effect':'Allow','Action':'sts:AssumeRole'}"), "has no Principal"),
        arguments(
            statement("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject'}"),
            "the action s3:getobject"),
        arguments(
            statement(
                "{'Effect':'Allow','Principal':'*','Action':'sts:AssumeRole','Resource':'*'}"),
            "it has a Resource"),
        arguments(
            statement(
                "{'Effect':'Allow','NotPrincipal':{'AWS':'123456789012'},'Action':'sts:AssumeRole'}"),
            "NotPrincipal"),
        arguments(
            statement("{'Sid':'" + "x".repeat(2_048) + "','Effect':'Deny','Principal':{'AWS':")
                .replace("'AWS':]", "'AWS':'1'},'Action':'sts:AssumeRole'}]"),
            "IAM accepts 2,048"),
        arguments(
            statement(
                "{'Sid':'€','Effect':'Deny','Principal':{'AWS':'1'},'Action':'sts:AssumeRole'}"),
            "beyond U+00FF"),
        arguments(
            "{'Statement':{'Effect':'Allow','Principal':{'Service':'eks.amazonaws.com'},'Action':'sts:AssumeRole'}}",
            "no statement lets EC2 assume the role"),
        arguments(
            "{'Statement':{'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:TagSession'}}",
            "no statement lets EC2 assume the role"),
        arguments(
            "{'Statement':{'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':'sts:AssumeRole',"
                + "'Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}}}",
            "no statement lets EC2 assume the role"),
        arguments(
            statement("{'Effect':'Deny','Principal':'*','Action':'sts:*'}"),
            "no statement lets EC2 assume the role"));
  }

  @ParameterizedTest
  @MethodSource("wrongTrustPolicies")
  void aTrustPolicyThatIamOrNodesCouldNotUseIsRefusedWithItsPlace(
      String trustPolicy, String problem) {
    assertThat(problemsWith(trustPolicy, InstanceProfileUse.ENSURE))
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void whereNobodyNeedsAProfileNobodyNeedsEc2() {
    String hybrid =
        "{'Statement':{'Effect':'Allow','Principal':{'Service':'ssm.amazonaws.com'},'Action':'sts:AssumeRole'}}";

    assertThat(problemsWith(hybrid, InstanceProfileUse.ENSURE)).hasSize(1);
    assertThat(problemsWith(hybrid, InstanceProfileUse.IGNORE)).isEmpty();
  }

  @Test
  void whiteSpaceOfATrustPolicyIsNotCounted() {
    String trustPolicy =
        statement("{'Effect':'Deny','Principal':{'AWS':'123456789012'},'Action':'sts:*'}")
            .replace(",", ",\n" + " ".repeat(1_000));

    assertThat(problemsWith(trustPolicy, InstanceProfileUse.ENSURE)).isEmpty();
  }

  @Test
  void alternativesAreSeparatedByABarAndNoneIsEmpty() {
    assertThat(IamRules.policies("A|arn:aws:iam::aws:policy/B | C")).isEmpty();
    for (String wrong : List.of("A||B", "|A", "A|", "A| |B")) {
      assertThat(IamRules.policies(wrong)).get().asString().contains("empty alternative", wrong);
    }
    assertThat(IamRules.policies("A|arn:aws:s3:::b")).get().asString().contains("arn:aws:s3:::b");
    assertThat(IamRules.policies("")).get().asString().contains("is not a managed policy");
  }

  @Test
  void wrongRequirementsMakeNoDesiredState() {
    assertThatThrownBy(WRONG::byPartition).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theDesiredStateOfAPartitionIsMadeOnce() {
    var desired = Requirements.DEFAULT.byPartition();

    assertThat(desired.apply(Partition.AWS)).isSameAs(desired.apply(new Partition("aws")));
    assertThat(desired.apply(Partition.AWS_CN)).isNotEqualTo(desired.apply(Partition.AWS));
  }
}
