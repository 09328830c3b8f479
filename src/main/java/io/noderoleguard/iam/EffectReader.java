package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
import io.noderoleguard.iam.NodeCall.Doubt;
import io.noderoleguard.role.Decision;
import io.noderoleguard.role.Decision.Verdict;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.Home;
import io.noderoleguard.role.SimulatedEffect;
import io.noderoleguard.role.SimulatedEffect.Known;
import io.noderoleguard.role.SimulatedEffect.Unknown;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.Statement;

/**
 * Asks IAM what a role's policies, its boundary and the organization's policies add up to, with <a
 * href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html">SimulatePrincipalPolicy</a>.
 */
final class EffectReader {

  /** IAM throttles simulations early, and a role's check can do without. */
  private static final Duration TIME = Duration.ofSeconds(2);

  private final IamClient client;
  private final Target target;
  private final DesiredRole desired;
  private final Home home;
  private final CallScope scope;

  EffectReader(IamClient client, Target target, DesiredRole desired, Home home, CallScope scope) {
    this.client = client;
    this.target = target;
    this.desired = desired;
    this.home = home;
    this.scope = scope;
  }

  /** What IAM says of an ARN. */
  record Answer(String roleArn, SimulatedEffect effect) {}

  /**
   * Asks about the ARN that the role most probably has, so that nobody has to wait for its true
   * one; empty when none can be expected or nothing is to be verified.
   */
  Optional<Answer> expected() {
    return isWanted()
        ? home.roleArn(desired.pathToCreate(), target.name())
            .map(arn -> new Answer(arn, simulate(arn)))
        : Optional.empty();
  }

  /** What is known of a role of that ARN, if need be by asking again. */
  SimulatedEffect of(String roleArn, Optional<Answer> expected) {
    return expected
        .filter(answer -> answer.roleArn().equals(roleArn))
        .map(Answer::effect)
        .orElseGet(() -> of(roleArn));
  }

  /** What is known of a role of that ARN. */
  SimulatedEffect of(String roleArn) {
    if (isWanted()) {
      return simulate(roleArn);
    }
    return desired.effect() == EffectUse.OFF
        ? SimulatedEffect.NOT_ASKED
        : SimulatedEffect.NOT_SIMULATED;
  }

  /** A role that only a pattern matched is one of many, and IAM throttles simulations early. */
  private boolean isWanted() {
    return desired.effect() == EffectUse.VERIFY && target.mayCreate();
  }

  private SimulatedEffect simulate(String roleArn) {
    return switch (simulated(roleArn)) {
      case Ok<List<Decision>>(var decisions) -> new Known(decisions);
      case Failed<List<Decision>>(var problem) -> new Unknown(problem.message());
    };
  }

  private Result<List<Decision>> simulated(String roleArn) {
    CallScope within = scope.atMost(TIME);
    Result<List<Decision>> decisions =
        decisions(roleArn, desired.actionsToVerify(), Optional.empty(), within);
    for (Doubt doubt : Doubt.values()) {
      decisions = decisions.then(sure -> without(doubt, roleArn, sure, within));
    }
    return decisions;
  }

  /**
   * Asks again about what nodes need and is denied for certain: what is allowed under another
   * assumption depends on it.
   */
  private Result<List<Decision>> without(
      Doubt doubt, String roleArn, List<Decision> decisions, CallScope within) {
    List<String> needed = desired.actionsNodesNeed();
    List<String> denied =
        decisions.stream()
            .filter(decision -> !decision.isAllowed() && !decision.isUncertain())
            .map(Decision::action)
            .filter(needed::contains)
            .toList();
    if (denied.isEmpty()) {
      return new Ok<>(decisions);
    }
    return decisions(roleArn, denied, Optional.of(doubt), within)
        .map(
            others -> {
              Map<String, Decision> byAction = new LinkedHashMap<>();
              decisions.forEach(decision -> byAction.put(decision.action(), decision));
              others.forEach(
                  other ->
                      byAction.computeIfPresent(
                          other.action(),
                          (_, decision) ->
                              decision.dependingOn(
                                  other.isAllowed()
                                      ? List.of(doubt.key())
                                      : other.missingContext())));
              return List.copyOf(byAction.values());
            });
  }

  private Result<List<Decision>> decisions(
      String roleArn, List<String> actions, Optional<Doubt> doubt, CallScope within) {
    AwsCall call = new AwsCall("iam:SimulatePrincipalPolicy", "role " + target.name());
    List<ContextEntry> context = NodeCall.context(roleArn, home, doubt);
    return call.list(
            within,
            (marker, bounds) ->
                client.simulatePrincipalPolicy(
                    simulate ->
                        simulate
                            .policySourceArn(roleArn)
                            .actionNames(actions)
                            .contextEntries(context)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(bounds)),
            page -> AwsCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.evaluationResults().stream().map(this::decision).toList())
        .then(
            decisions -> {
              Set<String> unanswered = new TreeSet<>(actions);
              decisions.forEach(decision -> unanswered.remove(decision.action()));
              return unanswered.isEmpty()
                  ? new Ok<>(decisions)
                  : call.unusable("it says nothing of " + String.join(", ", unanswered));
            });
  }

  private Decision decision(EvaluationResult result) {
    return new Decision(
        result.evalActionName(),
        verdict(result),
        result.matchedStatements().stream()
            .map(Statement::sourcePolicyId)
            .filter(id -> id != null)
            .map(this::policyName)
            .distinct()
            .toList(),
        result.missingContextValues());
  }

  private static Verdict verdict(EvaluationResult result) {
    var organization = result.organizationsDecisionDetail();
    var boundary = result.permissionsBoundaryDecisionDetail();
    if (result.evalDecision() == PolicyEvaluationDecisionType.ALLOWED) {
      return Verdict.ALLOWED;
    }
    if (organization != null && !organization.allowedByOrganizations()) {
      return Verdict.ORGANIZATION;
    }
    if (boundary != null && !boundary.allowedByPermissionsBoundary()) {
      return Verdict.BOUNDARY;
    }
    return result.evalDecision() == PolicyEvaluationDecisionType.EXPLICIT_DENY
        ? Verdict.EXPLICIT_DENY
        : Verdict.NOT_GRANTED;
  }

  /** The name in what IAM calls a policy's ID, which for inline policies names the role, too. */
  private String policyName(String id) {
    String inline = "role_" + target.name() + "_";
    return id.startsWith(inline) ? id.substring(inline.length()) : id;
  }
}
