package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.aws.Result.Failed;
import io.noderoleguard.aws.Result.Ok;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.ContextEntry;
import software.amazon.awssdk.services.iam.model.ContextKeyTypeEnum;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.Statement;

/**
 * Asks IAM what a role's policies, its boundary and the organization's policies add up to, with <a
 * href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html">SimulatePrincipalPolicy</a>.
 */
final class EffectReader {

  /** IAM throttles simulations early, and a role's check can do without. */
  private static final Duration TIME = Duration.ofSeconds(3);

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

  /**
   * What is assumed of a node's calls and may be otherwise. A denial counts only if it stands
   * without the assumption as well: IAM does not say which conditions of the organization's
   * policies lack a value, and a negated condition that lacks one denies.
   */
  private enum Doubt {
    /** Nodes need not be in the guard's Region. */
    REGION("aws:RequestedRegion"),
    /**
     * Who keeps calls within a network has to let AWS services call on behalf of nodes: what is
     * allowed to them depends on where a call comes from. See <a
     * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html">data
     * perimeters</a>.
     */
    CALLER("aws:ViaAWSService");

    private final String key;

    Doubt(String key) {
      this.key = key;
    }
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
                                      ? List.of(doubt.key)
                                      : other.missingContext())));
              return List.copyOf(byAction.values());
            });
  }

  private Result<List<Decision>> decisions(
      String roleArn, List<String> actions, Optional<Doubt> doubt, CallScope within) {
    AwsCall call = new AwsCall("iam:SimulatePrincipalPolicy", "role " + target.name());
    List<ContextEntry> context = context(roleArn, doubt);
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

  /**
   * What is certain of each call that a node makes, and what is assumed: it is made now, with
   * credentials issued now, by the role, over TLS, in the guard's Region, and by the node itself.
   * Where it comes from and what it is about is not known.
   */
  private List<ContextEntry> context(String roleArn, Optional<Doubt> doubt) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    boolean viaService = doubt.equals(Optional.of(Doubt.CALLER));
    List<ContextEntry> context = new ArrayList<>();
    context.add(entry("aws:TokenIssueTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(entry("aws:CurrentTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(
        entry("aws:EpochTime", ContextKeyTypeEnum.NUMERIC, String.valueOf(now.getEpochSecond())));
    context.add(entry("aws:SecureTransport", ContextKeyTypeEnum.BOOLEAN, "true"));
    context.add(entry("aws:PrincipalIsAWSService", ContextKeyTypeEnum.BOOLEAN, "false"));
    context.add(entry(Doubt.CALLER.key, ContextKeyTypeEnum.BOOLEAN, String.valueOf(viaService)));
    context.add(entry("aws:PrincipalArn", ContextKeyTypeEnum.STRING, roleArn));
    context.add(entry("aws:PrincipalType", ContextKeyTypeEnum.STRING, "AssumedRole"));
    Home.ofArn(roleArn)
        .flatMap(Home::account)
        .ifPresent(id -> context.add(entry("aws:PrincipalAccount", ContextKeyTypeEnum.STRING, id)));
    home.region()
        .filter(_ -> !doubt.equals(Optional.of(Doubt.REGION)))
        .ifPresent(id -> context.add(entry(Doubt.REGION.key, ContextKeyTypeEnum.STRING, id)));
    return List.copyOf(context);
  }

  private static ContextEntry entry(String key, ContextKeyTypeEnum type, String value) {
    return ContextEntry.builder()
        .contextKeyName(key)
        .contextKeyType(type)
        .contextKeyValues(value)
        .build();
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
