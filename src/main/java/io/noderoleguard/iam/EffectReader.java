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
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final String REQUESTED_REGION = "aws:RequestedRegion";

  private final IamClient client;
  private final Target target;
  private final DesiredRole desired;
  private final Home home;
  private final CallScope scope;

  EffectReader(
      IamClient client, Target target, DesiredRole desired, Home home, CallScope scope) {
    this.client = client;
    this.target = target;
    this.desired = desired;
    this.home = home;
    this.scope = scope;
  }

  /** What IAM says of an ARN. */
  record Answer(String roleArn, SimulatedEffect effect) {}

  /**
   * Asks about the ARN that the role most probably has, so that nobody has to wait for its true one;
   * empty when none can be expected or nothing is to be verified.
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
    return decisions(roleArn, desired.actionsToVerify(), home.region(), within)
        .then(decisions -> withoutRegion(roleArn, decisions, within));
  }

  /**
   * Nodes need not be in the guard's Region: what is denied in it counts only if it is denied
   * wherever they are. That can only be asked without a Region, which no call has; and the
   * organization's conditions on one are not among the keys that are said to be missing.
   */
  private Result<List<Decision>> withoutRegion(
      String roleArn, List<Decision> decisions, CallScope within) {
    List<String> denied =
        decisions.stream()
            .filter(decision -> decision.verdict() != Verdict.ALLOWED)
            .map(Decision::action)
            .filter(desired.actionsNodesNeed()::contains)
            .toList();
    if (denied.isEmpty() || home.region().isEmpty()) {
      return new Ok<>(decisions);
    }
    return decisions(roleArn, denied, Optional.empty(), within)
        .map(
            elsewhere -> {
              Map<String, Decision> byAction = new LinkedHashMap<>();
              decisions.forEach(decision -> byAction.put(decision.action(), decision));
              elsewhere.forEach(
                  decision ->
                      byAction.computeIfPresent(
                          decision.action(),
                          (_, here) ->
                              decision.verdict() == Verdict.ALLOWED
                                  ? here.dependingOn(List.of(REQUESTED_REGION))
                                  : here.dependingOn(decision.missingContext())));
              return List.copyOf(byAction.values());
            });
  }

  private Result<List<Decision>> decisions(
      String roleArn, List<String> actions, Optional<String> region, CallScope within) {
    AwsCall call = new AwsCall("iam:SimulatePrincipalPolicy", "role " + target.name());
    List<ContextEntry> context = context(roleArn, region);
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
            page -> page.evaluationResults().stream().map(EffectReader::decision).toList())
        .then(
            decisions -> {
              Set<String> unanswered = new HashSet<>(actions);
              decisions.forEach(decision -> unanswered.remove(decision.action()));
              return unanswered.isEmpty()
                  ? new Ok<>(decisions)
                  : call.unusable("it says nothing of " + String.join(", ", unanswered));
            });
  }

  /**
   * What is certain of each call that a node makes: it is made now, with credentials issued now, by
   * the role, over TLS. Where it comes from and what it is about is not.
   */
  private static List<ContextEntry> context(String roleArn, Optional<String> region) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<ContextEntry> context = new ArrayList<>();
    context.add(entry("aws:TokenIssueTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(entry("aws:CurrentTime", ContextKeyTypeEnum.DATE, now.toString()));
    context.add(
        entry(
            "aws:EpochTime",
            ContextKeyTypeEnum.NUMERIC,
            String.valueOf(now.getEpochSecond())));
    context.add(entry("aws:SecureTransport", ContextKeyTypeEnum.BOOLEAN, "true"));
    context.add(entry("aws:ViaAWSService", ContextKeyTypeEnum.BOOLEAN, "false"));
    context.add(entry("aws:PrincipalIsAWSService", ContextKeyTypeEnum.BOOLEAN, "false"));
    context.add(entry("aws:PrincipalArn", ContextKeyTypeEnum.STRING, roleArn));
    context.add(entry("aws:PrincipalType", ContextKeyTypeEnum.STRING, "AssumedRole"));
    Home.ofArn(roleArn)
        .flatMap(Home::account)
        .ifPresent(
            account ->
                context.add(entry("aws:PrincipalAccount", ContextKeyTypeEnum.STRING, account)));
    region.ifPresent(
        id -> context.add(entry(REQUESTED_REGION, ContextKeyTypeEnum.STRING, id)));
    return List.copyOf(context);
  }

  private static ContextEntry entry(String key, ContextKeyTypeEnum type, String value) {
    return ContextEntry.builder()
        .contextKeyName(key)
        .contextKeyType(type)
        .contextKeyValues(value)
        .build();
  }

  private static Decision decision(EvaluationResult result) {
    return new Decision(
        result.evalActionName(),
        verdict(result),
        result.matchedStatements().stream()
            .map(Statement::sourcePolicyId)
            .filter(id -> id != null)
            .map(EffectReader::policyName)
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

  /**
   * The name in what IAM calls a policy's ID: for inline policies {@code role_ROLE_NAME}, for
   * managed ones the name.
   */
  private static String policyName(String id) {
    return id.startsWith("arn:") ? Arrays.asList(id.split("/", -1)).getLast() : id;
  }
}
