package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.LocalClients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;
import software.amazon.awssdk.services.iam.model.EvaluationResult;

/**
 * The embedded IAM says of permissions made by chance what a stranger's simulator says of them.
 *
 * <p>What the two answer differently on purpose is not made by chance:
 *
 * <ul>
 *   <li>Dates in seconds, beside written ones: the simulator takes them for milliseconds; <a
 *       href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date">IAM
 *       does not</a>.
 *   <li>All resources, for an action that knows some: the simulator tries out each that a policy
 *       names; <a
 *       href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html">IAM's
 *       own simulation</a> takes {@code *} for one more resource.
 *   <li>Addresses of two families in one {@code NotIpAddress}: to the simulator the other family's
 *       is an error that fits nothing, to IAM another address.
 *   <li>A variable without a value under {@code StringNotEquals} or in {@code NotResource}: to the
 *       simulator an error that fits nothing; to IAM <a
 *       href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value">nothing
 *       is equal to it</a>, so that "not" holds.
 * </ul>
 *
 * <p>Where an organization's policies allow nothing and another policy denies, the simulator says
 * that it is denied explicitly; <a
 * href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html">IAM's
 * simulation ends</a> with the organization.
 */
final class PolicyEvaluationTest {

  private static final long SEED = Long.getLong("seed", 20260101);
  private static final int CASES = 600;
  private static final String ROLE = "node";
  private static final String TRUST_POLICY =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
      "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";

  private static final Map<String, String> WORDS =
      Map.of(
          "allowed", "Allowed",
          "implicitDeny", "ImplicitlyDenied",
          "explicitDeny", "ExplicitlyDenied");

  @Test
  void theEmbeddedIamAgreesWithAStranger() throws Exception {
    List<RandomPermissions> cases =
        LongStream.range(SEED, SEED + CASES).mapToObj(RandomPermissions::of).toList();
    List<String> answers =
        PolicySimulator.evaluate(cases.stream().map(PolicyEvaluationTest::asked).toList());

    Map<String, Integer> decisions = new TreeMap<>();
    List<String> disagreements = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      EvaluationResult result = simulated(cases.get(i));
      String decision = result.evalDecisionAsString();
      decisions.merge(decision, 1, Integer::sum);
      if (!answers.get(i).equals(WORDS.get(decision))
          && !(endsWithTheOrganization(result) && answers.get(i).equals("ExplicitlyDenied"))) {
        disagreements.add(
            "seed %d: %s, the simulator %s%n%s"
                .formatted(SEED + i, decision, answers.get(i), cases.get(i)));
      }
    }

    System.out.printf("%d permissions from seed %d on: %s%n", CASES, SEED, decisions);
    assertThat(disagreements).isEmpty();
    assertThat(decisions)
        .containsOnlyKeys(WORDS.keySet())
        .allSatisfy((_, times) -> assertThat(times).isGreaterThan(CASES / 10));
  }

  private static boolean endsWithTheOrganization(EvaluationResult result) {
    return result.organizationsDecisionDetail() != null
        && !result.organizationsDecisionDetail().allowedByOrganizations();
  }

  private static PolicySimulator.Request asked(RandomPermissions permissions) {
    Map<String, Object> context = new TreeMap<>();
    permissions
        .context()
        .forEach(
            (key, values) ->
                context.put(key, RandomPermissions.isList(key) ? values : values.getFirst()));
    return new PolicySimulator.Request(
        permissions.policies(),
        permissions.boundary(),
        permissions.organization(),
        "arn:aws:iam::123456789012:role/" + ROLE,
        "123456789012",
        permissions.action(),
        permissions.resource(),
        context);
  }

  private static EvaluationResult simulated(RandomPermissions permissions) {
    try (EmbeddedIam embedded = EmbeddedIam.start();
        IamClient iam =
            LocalClients.pointed(IamClient.builder(), embedded.endpoint())
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
      arrange(embedded.account(), permissions);
      return iam.simulatePrincipalPolicy(
              request ->
                  request
                      .policySourceArn("arn:aws:iam::123456789012:role/" + ROLE)
                      .actionNames(permissions.action())
                      .resourceArns(permissions.resource())
                      .contextEntries(
                          permissions.context().entrySet().stream()
                              .map(PolicyEvaluationTest::entry)
                              .toList()))
          .evaluationResults()
          .getFirst();
    }
  }

  private static ContextEntry entry(Map.Entry<String, List<String>> key) {
    return ContextEntry.builder()
        .contextKeyName(key.getKey())
        .contextKeyType(
            RandomPermissions.isList(key.getKey())
                ? ContextKeyTypeEnum.STRING_LIST
                : ContextKeyTypeEnum.STRING)
        .contextKeyValues(key.getValue())
        .build();
  }

  /** The first policy is a managed one, the others are inline. */
  private static void arrange(IamAccount account, RandomPermissions permissions) {
    account.createRole(ROLE, TRUST_POLICY);
    List<JsonNode> policies = permissions.policies();
    account.attachRolePolicy(
        ROLE, account.createPolicy("managed", policies.getFirst().toString()).arn());
    for (JsonNode policy : policies.subList(1, policies.size())) {
      account.putRolePolicy(ROLE, "inline-" + policies.indexOf(policy), policy.toString());
    }
    for (JsonNode boundary : permissions.boundary()) {
      account.putRolePermissionsBoundary(
          ROLE, account.createPolicy("boundary", boundary.toString()).arn());
    }
    account.serviceControlPolicies(
        permissions.organization().stream()
            .map(level -> level.stream().map(JsonNode::toString).toList())
            .toList());
  }
}
