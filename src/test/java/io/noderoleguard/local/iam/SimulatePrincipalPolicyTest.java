package io.noderoleguard.local.iam;

import static io.noderoleguard.local.iam.IamContractTest.TRUST_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.assertRefused;
import static io.noderoleguard.local.iam.IamContractTest.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyRequest;
import software.amazon.awssdk.services.iam.model.SimulatePrincipalPolicyResponse;
import software.amazon.awssdk.services.iam.model.Statement;

/** What IAM says that a role may do. moto does not know the operation. */
final class SimulatePrincipalPolicyTest {

  private static final String ARN = "arn:aws:iam::123456789012:role/eks/node";
  private static final String BUCKET = "arn:aws:s3:::logs/";

  private final EmbeddedIam embedded = EmbeddedIam.start();
  private final IamAccount account = embedded.account();
  private final IamClient iam = client(embedded.endpoint());

  @BeforeEach
  void addRole() {
    account.createRole("node", "/eks/", TRUST_POLICY);
  }

  @AfterEach
  void stop() {
    iam.close();
    embedded.close();
  }

  private void attach(String... policies) {
    for (String policy : policies) {
      account.attachRolePolicy("node", account.awsPolicyArn(policy));
    }
  }

  private void put(String name, String... statements) {
    account.putRolePolicy("node", name, policy(statements));
  }

  private void bound(String... statements) {
    account.putRolePermissionsBoundary(
        "node", account.createPolicy("tight", policy(statements)).arn());
  }

  /** Single quotes stand for double ones. */
  private static String policy(String... statements) {
    return "{'Version':'2012-10-17','Statement':[%s]}"
        .formatted(String.join(",", statements))
        .replace('\'', '"');
  }

  private static String allow(String action, String resource) {
    return "{'Effect':'Allow','Action':'%s','Resource':'%s'}".formatted(action, resource);
  }

  private static String deny(String action, String resource) {
    return allow(action, resource).replace("Allow", "Deny");
  }

  private static String conditional(String statement, String condition) {
    return statement.substring(0, statement.length() - 1) + ",'Condition':{" + condition + "}}";
  }

  private SimulatePrincipalPolicyResponse simulate(
      Consumer<SimulatePrincipalPolicyRequest.Builder> request) {
    return iam.simulatePrincipalPolicy(
        builder -> request.accept(builder.policySourceArn(ARN).actionNames("s3:GetObject")));
  }

  private EvaluationResult simulate(String action, String... resources) {
    return simulate(request -> request.actionNames(action).resourceArns(resources))
        .evaluationResults()
        .getFirst();
  }

  private static ContextEntry entry(String key, ContextKeyTypeEnum type, String... values) {
    return ContextEntry.builder()
        .contextKeyName(key)
        .contextKeyType(type)
        .contextKeyValues(values)
        .build();
  }

  private static List<String> policyIds(List<Statement> statements) {
    return statements.stream().map(Statement::sourcePolicyId).toList();
  }

  @Test
  void theManagedPoliciesAllowWhatNodesNeed() {
    attach(
        "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly");

    List<EvaluationResult> results =
        simulate(
                request ->
                    request.actionNames(
                        "eks:DescribeCluster",
                        "EC2:describeinstances",
                        "ec2:AssignPrivateIpAddresses",
                        "ecr:BatchGetImage",
                        "iam:AttachRolePolicy"))
            .evaluationResults();

    assertThat(results)
        .extracting(EvaluationResult::evalActionName, EvaluationResult::evalDecisionAsString)
        .containsExactly(
            tuple("eks:DescribeCluster", "allowed"),
            tuple("EC2:describeinstances", "allowed"),
            tuple("ec2:AssignPrivateIpAddresses", "allowed"),
            tuple("ecr:BatchGetImage", "allowed"),
            tuple("iam:AttachRolePolicy", "implicitDeny"));
    assertThat(results)
        .allSatisfy(
            result -> {
              assertThat(result.evalResourceName()).isEqualTo("*");
              assertThat(result.hasResourceSpecificResults()).isFalse();
              assertThat(result.organizationsDecisionDetail()).isNull();
              assertThat(result.permissionsBoundaryDecisionDetail()).isNull();
            });
  }

  @Test
  void anAdministratorMayDoAnythingAndADenialForgetsIt() {
    attach("AdministratorAccess");

    assertThat(simulate("iam:AttachRolePolicy").evalDecisionAsString()).isEqualTo("allowed");
    assertThat(policyIds(simulate("iam:AttachRolePolicy").matchedStatements()))
        .containsExactly("AdministratorAccess");

    attach("AWSDenyAll");

    assertThat(simulate("ecr:BatchGetImage").evalDecisionAsString()).isEqualTo("explicitDeny");
    assertThat(policyIds(simulate("ecr:BatchGetImage").matchedStatements()))
        .containsExactly("AWSDenyAll");
  }

  @Test
  void aStatementIsNamedByItsPolicyAndItsPlace() {
    put("logs", allow("s3:Get*", "*"), deny("s3:PutObject", "*"));

    Statement allowing = simulate("s3:GetObject").matchedStatements().getFirst();
    Statement denying = simulate("s3:PutObject").matchedStatements().getFirst();

    assertThat(allowing.sourcePolicyId()).isEqualTo("role_node_logs");
    assertThat(allowing.sourcePolicyTypeAsString()).isEqualTo("IAM Policy");
    assertThat(allowing.startPosition().line()).isEqualTo(1);
    assertThat(allowing.startPosition().column()).isEqualTo(38);
    assertThat(allowing.endPosition().column()).isEqualTo(90);
    assertThat(denying.startPosition().column()).isEqualTo(90);
    assertThat(denying.endPosition().column()).isEqualTo(147);
  }

  @Test
  void linesAreCountedToo() {
    account.putRolePolicy(
        "node",
        "logs",
        """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": "s3:GetObject",
              "Resource": "*"
            }
          ]
        }
        """);

    Statement statement = simulate("s3:GetObject").matchedStatements().getFirst();

    assertThat(statement.startPosition().line()).isEqualTo(3);
    assertThat(statement.startPosition().column()).isEqualTo(17);
    assertThat(statement.endPosition().line()).isEqualTo(8);
    assertThat(statement.endPosition().column()).isEqualTo(6);
  }

  @Test
  void aBoundaryTakesAwayWhatItDoesNotAllow() {
    attach("AmazonEC2ContainerRegistryReadOnly");
    bound(allow("ecr:GetAuthorizationToken", "*"), deny("ecr:BatchGetImage", "*"));

    EvaluationResult within = simulate("ecr:GetAuthorizationToken");
    EvaluationResult outside = simulate("ecr:ListImages");
    EvaluationResult denied = simulate("ecr:BatchGetImage");

    assertThat(within.evalDecisionAsString()).isEqualTo("allowed");
    assertThat(policyIds(within.matchedStatements()))
        .containsExactly("AmazonEC2ContainerRegistryReadOnly");
    assertThat(within.permissionsBoundaryDecisionDetail().allowedByPermissionsBoundary()).isTrue();
    assertThat(outside.evalDecisionAsString()).isEqualTo("implicitDeny");
    assertThat(outside.matchedStatements()).isEmpty();
    assertThat(outside.permissionsBoundaryDecisionDetail().allowedByPermissionsBoundary())
        .isFalse();
    assertThat(denied.evalDecisionAsString()).isEqualTo("explicitDeny");
    assertThat(policyIds(denied.matchedStatements())).containsExactly("tight");
    assertThat(denied.matchedStatements().getFirst().sourcePolicyTypeAsString())
        .isEqualTo("Permissions Boundary Policy");
  }

  @Test
  void anOrganizationsLevelsMustAllAllow() {
    attach("AmazonEC2ContainerRegistryReadOnly");
    String all = policy(allow("*", "*"));
    account.serviceControlPolicies(
        List.of(
            List.of(all),
            List.of(
                policy(allow("ecr:Get*", "*")),
                policy(allow("ecr:List*", "*"), deny("ecr:GetLifecyclePolicy", "*")))));

    EvaluationResult allowed = simulate("ecr:GetAuthorizationToken");
    EvaluationResult forgotten = simulate("ecr:BatchGetImage");
    EvaluationResult denied = simulate("ecr:GetLifecyclePolicy");

    assertThat(allowed.evalDecisionAsString()).isEqualTo("allowed");
    assertThat(allowed.organizationsDecisionDetail().allowedByOrganizations()).isTrue();
    assertThat(forgotten.evalDecisionAsString()).isEqualTo("implicitDeny");
    assertThat(denied.evalDecisionAsString()).isEqualTo("explicitDeny");
    assertThat(List.of(forgotten, denied))
        .allSatisfy(
            result -> {
              assertThat(result.organizationsDecisionDetail().allowedByOrganizations()).isFalse();
              assertThat(result.matchedStatements()).isEmpty();
            });
  }

  @Test
  void eachResourceHasItsOwnResult() {
    put("logs", allow("s3:GetObject", BUCKET + "a*"), deny("s3:GetObject", BUCKET + "ab"));

    EvaluationResult result = simulate("s3:GetObject", BUCKET + "a", BUCKET + "ab", BUCKET + "b");

    assertThat(result.evalDecisionAsString()).isEqualTo("explicitDeny");
    assertThat(result.matchedStatements()).hasSize(2);
    assertThat(result.evalDecisionDetails()).isEmpty();
    assertThat(result.resourceSpecificResults())
        .extracting(each -> each.evalResourceName() + " " + each.evalResourceDecisionAsString())
        .containsExactly(
            BUCKET + "a allowed", BUCKET + "ab explicitDeny", BUCKET + "b implicitDeny");
    assertThat(simulate("s3:GetObject", BUCKET + "a").evalResourceName()).isEqualTo(BUCKET + "a");
  }

  /** Which is why all resources are not those of one bucket. */
  @Test
  void allResourcesAreNoResourceOfAnArn() {
    put("logs", allow("s3:GetObject", BUCKET + "*"), deny("s3:PutObject", BUCKET + "*"));

    assertThat(simulate("s3:GetObject").evalDecisionAsString()).isEqualTo("implicitDeny");
    assertThat(simulate("s3:PutObject").evalDecisionAsString()).isEqualTo("implicitDeny");
    assertThat(simulate("s3:GetObject", BUCKET + "a").evalDecisionAsString()).isEqualTo("allowed");
  }

  /** A denial that depends on a missing value neither decides nor is mentioned. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          # other statement | action       | condition                              | decision     | missing
          none              | s3:GetObject | 'StringEquals':{'aws:SourceVpc':'v'}   | implicitDeny | aws:SourceVpc
          none              | s3:PutObject | 'StringEquals':{'aws:SourceVpc':'v'}   | implicitDeny | aws:SourceVpc
          none              | s3:PutObject | 'Null':{'aws:SourceVpc':'true'}        | implicitDeny | aws:SourceVpc
          none              | s3:GetObject | 'Null':{'aws:SourceVpc':'true'}        | allowed      | none
          none              | s3:GetObject | 'Null':{'aws:SourceVpc':'false'}       | implicitDeny | aws:SourceVpc
          none              | s3:GetObject | 'StringNotLike':{'aws:SourceVpc':'v'}  | allowed      | none
          none              | s3:GetObject | 'StringEqualsIfExists':{'aws:x':'v'}   | allowed      | none
          none              | s3:GetObject | 'ForAllValues:StringLike':{'a:x':'v'}  | allowed      | none
          none              | s3:GetObject | 'ForAnyValue:StringLike':{'a:x':'v'}   | implicitDeny | a:x
          none              | s3:GetObject | 'StringEquals':{'a:given':'${a:b}'}    | implicitDeny | a:b
          none              | s3:GetObject | 'StringEquals':{'A:GIVEN':'yes'}       | allowed      | none
          none              | s3:GetObject | 'StringEquals':{'a:given':'no'}        | implicitDeny | none
          allowing          | s3:GetObject | 'StringEquals':{'aws:SourceVpc':'v'}   | allowed      | none
          denying           | s3:GetObject | 'StringEquals':{'aws:SourceVpc':'v'}   | allowed      | none
          """)
  void whatIsMissingIsNamedWhereNothingAllows(
      String other, String action, String condition, String decision, String missing) {
    String statement = conditional(allow(action, "*"), condition);
    switch (other) {
      case "allowing" -> put("p", allow("s3:*", "*"), statement);
      case "denying" -> put("p", allow("s3:*", "*"), statement.replace("Allow", "Deny"));
      default -> put("p", statement);
    }

    EvaluationResult result =
        simulate(
                request ->
                    request
                        .actionNames("s3:GetObject")
                        .contextEntries(entry("a:given", ContextKeyTypeEnum.STRING, "yes")))
            .evaluationResults()
            .getFirst();

    assertThat(result.evalDecisionAsString()).isEqualTo(decision);
    assertThat(result.missingContextValues())
        .isEqualTo(missing.equals("none") ? List.of() : List.of(missing));
  }

  @Test
  void actionsComeInPagesInTheOrderOfTheCall() {
    attach("AmazonS3ReadOnlyAccess");
    List<String> actions = List.of("s3:PutObject", "s3:GetObject", "s3:GetObject", "s3:ListBucket");

    SimulatePrincipalPolicyResponse first =
        simulate(request -> request.actionNames(actions).maxItems(3));
    SimulatePrincipalPolicyResponse last =
        simulate(request -> request.actionNames(actions).maxItems(3).marker(first.marker()));

    assertThat(first.isTruncated()).isTrue();
    assertThat(last.isTruncated()).isFalse();
    assertThat(last.marker()).isNull();
    assertThat(
            iam.simulatePrincipalPolicyPaginator(
                    request -> request.policySourceArn(ARN).actionNames(actions).maxItems(1))
                .evaluationResults())
        .extracting(EvaluationResult::evalActionName)
        .isEqualTo(actions);
  }

  @Test
  void aKeyOfSeveralValuesNeedsASetOperator() {
    put(
        "p",
        conditional(allow("s3:GetObject", "*"), "'ForAllValues:StringEquals':{'aws:TagKeys':'a'}"),
        conditional(allow("s3:PutObject", "*"), "'StringNotEquals':{'aws:TagKeys':'b'}"));

    List<String> decisions =
        simulate(
                request ->
                    request
                        .actionNames("s3:GetObject", "s3:PutObject")
                        .contextEntries(entry("aws:TagKeys", ContextKeyTypeEnum.STRING_LIST, "a")))
            .evaluationResults()
            .stream()
            .map(EvaluationResult::evalDecisionAsString)
            .toList();

    assertThat(decisions).containsExactly("allowed", "implicitDeny");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # role                                       | code         | message
          arn:aws:iam::123456789012:role/eks/other     | NoSuchEntity | Unable to retrieve specified IAM entity.
          arn:aws:iam::123456789012:user/node          | NoSuchEntity | Unable to retrieve specified IAM entity.
          arn:aws:iam::999999999999:role/eks/node      | InvalidInput | Invalid Policy Source Arn: caller's account 123456789012 does not have access to policies in account 999999999999.
          arn:aws:iam::123456789012:root               | InvalidInput | Invalid ARN provided in the request: arn:aws:iam::123456789012:root
          arn:aws:sts::123456789012:assumed-role/node/i| InvalidInput | Invalid ARN provided in the request: arn:aws:sts::123456789012:assumed-role/node/i
          """)
  void whoseNamesNoRoleIsRefused(String arn, String code, String message) {
    assertRefused(
        () -> simulate(request -> request.policySourceArn(arn)),
        code.equals("NoSuchEntity") ? 404 : 400,
        code,
        message);
  }

  @Test
  void theNameDecidesWhateverThePath() {
    assertThat(
            simulate(request -> request.policySourceArn(ARN.replace("/eks/", "/other/")))
                .evaluationResults())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # action     | resource     | key   | type    | value | message
          GetObject    | *            | a:key | string  | x     | The action is invalid since it is missing names
          s3:GetObject | bucket       | a:key | string  | x     | ResourceNames are not in a valid ARN format: bucket.
          s3:GetObject | arn:aws:s3   | a:key | string  | x     | ResourceNames are not in a valid ARN format: arn:aws:s3.
          s3:GetObject | *            | a:key | numeric | x     | Invalid context value for key a:key: expected numeric format.
          s3:GetObject | *            | a:key | date    | x     | Invalid context value for key a:key: expected DateTime format.
          s3:GetObject | *            | a:key | ip      | x     | Invalid context value for key a:key: expected IP address.
          s3:GetObject | *            | a:key | binary  | !     | Invalid context value for key a:key: expected base-64 encoded binary format.
          s3:GetObject | *            | A:ONE | string  | x     | Duplicate context key: A:ONE.
          """)
  void whatCannotBeSimulatedIsRefused(
      String action, String resource, String key, String type, String value, String message) {
    assertRefused(
        () ->
            simulate(
                request ->
                    request
                        .actionNames(action)
                        .resourceArns(resource)
                        .contextEntries(
                            entry("a:one", ContextKeyTypeEnum.STRING, "x"),
                            entry(key, ContextKeyTypeEnum.fromValue(type), value))),
        400,
        "InvalidInput",
        message);
  }

  @Test
  void aMarkerOfSomethingElseIsRefused() {
    assertRefused(
        () -> simulate(request -> request.marker("not-a-simulation-marker")),
        400,
        "InvalidInput",
        "Invalid marker for pagination.");
  }

  @Test
  void aSimulationIsRecordedAndNoWrite() {
    simulate("s3:GetObject");

    assertThat(embedded.calls())
        .extracting(Call::action)
        .containsExactly("SimulatePrincipalPolicy");
    assertThat(embedded.writes()).isEmpty();
  }

  @Test
  void whoMayNotSimulateIsToldTheRole() {
    embedded.faults().first(1, "SimulatePrincipalPolicy", new Fault.Denied());

    assertRefused(
        () -> simulate(request -> {}),
        403,
        "AccessDenied",
        "User: arn:aws:sts::123456789012:assumed-role/guard/run is not authorized to perform:"
            + " iam:SimulatePrincipalPolicy on resource: "
            + ARN
            + " because no identity-based policy allows the iam:SimulatePrincipalPolicy action");
  }

  @Test
  void aSimulationIsStaleAsAnyReadIs() {
    embedded.staleReads(1);
    iam.attachRolePolicy(
        call -> call.roleName("node").policyArn(account.awsPolicyArn("AmazonS3ReadOnlyAccess")));

    assertThat(simulate("s3:GetObject").evalDecisionAsString()).isEqualTo("implicitDeny");
    assertThat(simulate("s3:GetObject").evalDecisionAsString()).isEqualTo("allowed");
  }
}
