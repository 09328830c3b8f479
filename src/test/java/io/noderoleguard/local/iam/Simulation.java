package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.PolicyEvaluation.Decision;
import io.noderoleguard.local.iam.PolicyEvaluation.Match;
import io.noderoleguard.local.iam.PolicyEvaluation.Verdict;
import io.noderoleguard.local.iam.SimulatedRequest.ContextValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of {@code SimulatePrincipalPolicy} for a role. What the API's reference leaves open, such
 * as its error messages, is as IAM answered calls in September 2026.
 *
 * @param resources none stands for all resources, {@code *}
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html">
 *     the operation</a>
 */
record Simulation(
    PolicyEvaluation policies,
    List<String> actions,
    List<String> resources,
    Map<String, ContextValue> context) {

  /** What is said of one action: of all resources together, and of each that was named. */
  record Result(String action, String resourceName, Verdict verdict, List<OfResource> resources) {}

  /** What is said of one action and one resource. */
  record OfResource(String resource, Verdict verdict) {}

  private static final String ALL_RESOURCES = "*";
  private static final Pattern SOURCE =
      Pattern.compile("arn:aws[a-z-]*:iam::(\\d{12}):(user|group|role)/(?:.*/)?([^/]+)");
  private static final List<String> UNKNOWN_HERE =
      List.of(
          "PolicyInputList.member.1",
          "PermissionsBoundaryPolicyInputList.member.1",
          "PolicyExclusionList.member.1",
          "ResourcePolicy",
          "ResourceOwner",
          "CallerArn",
          "ResourceHandlingOption");

  static Simulation of(IamAccount account, Call call) {
    String source = Constraints.required(call, "PolicySourceArn");
    new Constraints().length("policySourceArn", source, 20, 2048).check();
    return new Simulation(
        account.policiesOf(role(account, source)),
        actions(call),
        resources(call),
        ContextEntries.of(call));
  }

  private static IamRole role(IamAccount account, String arn) {
    Matcher source = SOURCE.matcher(arn);
    if (!source.matches()) {
      throw IamError.invalidInput("Invalid ARN provided in the request: " + arn).exception();
    }
    if (!source.group(1).equals(account.accountId())) {
      throw IamError.invalidInput(
              "Invalid Policy Source Arn: caller's account "
                  + account.accountId()
                  + " does not have access to policies in account "
                  + source.group(1)
                  + ".")
          .exception();
    }
    // The name decides, whatever the path.
    return Optional.of(source.group(3))
        .filter(name -> source.group(2).equals("role"))
        .flatMap(account::role)
        .orElseThrow(
            () -> IamError.noSuchEntity("Unable to retrieve specified IAM entity.").exception());
  }

  private static List<String> actions(Call call) {
    UNKNOWN_HERE.stream()
        .filter(parameter -> call.parameter(parameter).isPresent())
        .findFirst()
        .ifPresent(
            parameter -> {
              throw new IamError("NotImplemented", 501, parameter + " is not known here.")
                  .exception();
            });
    List<String> actions = call.members("ActionNames", "").toList();
    if (actions.isEmpty()) {
      throw Constraints.missing("actionNames");
    }
    for (String action : actions) {
      if (action.length() < 3 || action.length() > 128) {
        throw IamError.validationError(
                "1 validation error detected: Value at 'actionNames' failed to satisfy constraint:"
                    + " Member must satisfy constraint: [Member must have length less than or"
                    + " equal to 128, Member must have length greater than or equal to 3]")
            .exception();
      }
      // Whether there is such an action is not asked.
      if (!action.contains(":")) {
        throw IamError.invalidInput("The action is invalid since it is missing names").exception();
      }
    }
    return actions;
  }

  private static List<String> resources(Call call) {
    List<String> resources = call.members("ResourceArns", "").toList();
    for (String resource : resources) {
      boolean isArn = resource.startsWith("arn:") && resource.split(":", 6).length == 6;
      if (!isArn && !resource.equals(ALL_RESOURCES)) {
        throw IamError.invalidInput(
                "ResourceNames are not in a valid ARN format: " + resource + ".")
            .exception();
      }
    }
    return resources.equals(List.of(ALL_RESOURCES)) ? List.of() : resources;
  }

  /** One for each action, in the order of the call. */
  List<Result> results() {
    return actions.stream().map(this::result).toList();
  }

  private Result result(String action) {
    if (resources.isEmpty()) {
      return new Result(action, ALL_RESOURCES, verdict(action, ALL_RESOURCES), List.of());
    }
    List<OfResource> each =
        resources.stream()
            .map(resource -> new OfResource(resource, verdict(action, resource)))
            .toList();
    return new Result(
        action,
        // Of several resources IAM names the form of the ARN instead; the forms are not known here.
        resources.size() == 1 ? resources.getFirst() : ALL_RESOURCES,
        together(each.stream().map(OfResource::verdict).toList()),
        each);
  }

  private Verdict verdict(String action, String resource) {
    return policies.of(new SimulatedRequest(action, resource, context));
  }

  /** The most restrictive decision, and all that led to any of them. */
  private static Verdict together(List<Verdict> verdicts) {
    Set<Match> matches = new LinkedHashSet<>();
    Set<String> missingKeys = new LinkedHashSet<>();
    Decision decision = Decision.ALLOWED;
    for (Verdict verdict : verdicts) {
      matches.addAll(verdict.matches());
      missingKeys.addAll(verdict.missingKeys());
      decision = decision.compareTo(verdict.decision()) >= 0 ? decision : verdict.decision();
    }
    return new Verdict(
        decision,
        List.copyOf(matches),
        missingKeys,
        all(verdicts, Verdict::allowedByOrganization),
        all(verdicts, Verdict::allowedByBoundary));
  }

  private static Optional<Boolean> all(
      List<Verdict> verdicts, Function<Verdict, Optional<Boolean>> detail) {
    return verdicts.stream().map(detail).flatMap(Optional::stream).reduce(Boolean::logicalAnd);
  }
}
