package io.noderoleguard.role;

import io.noderoleguard.role.Decision.Verdict;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.SimulatedEffect.Known;
import io.noderoleguard.role.SimulatedEffect.NotAsked;
import io.noderoleguard.role.SimulatedEffect.NotSimulated;
import io.noderoleguard.role.SimulatedEffect.Unknown;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the role's policies, its boundary and the organization's policies add up to. What is wrong
 * is left alone: the guard cannot know which of them its owner wants otherwise.
 */
public final class Permissions implements Aspect {

  /** The actions that can change what a role's policies add up to. */
  private static final Set<String> CHANGES =
      Set.of(
          "AttachRolePolicy",
          "DetachRolePolicy",
          "PutRolePolicy",
          "DeleteRolePolicy",
          "PutRolePermissionsBoundary",
          "DeleteRolePermissionsBoundary",
          "CreatePolicyVersion",
          "SetDefaultPolicyVersion");

  Permissions() {}

  /**
   * Nodes cannot do what they have to.
   *
   * @param denied all that one verdict decides
   * @param policies the names of the policies that deny it
   */
  public record PermissionMissing(Verdict verdict, List<String> denied, List<String> policies)
      implements Finding {
    public PermissionMissing {
      denied = List.copyOf(denied);
      policies = List.copyOf(policies);
    }

    @Override
    public String message() {
      return "Nodes need %s and cannot do that: %s%s."
          .formatted(joined(denied), verdict.words(), inBrackets(policies));
    }

    @Override
    public Set<String> actions() {
      return CHANGES;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("actions", joined(denied), "decidedBy", verdict.label());
    }
  }

  /**
   * Pods on the nodes could become administrators of the account.
   *
   * @param policies the names of the policies that allow it
   */
  public record PermissionExcessive(List<String> allowed, List<String> policies)
      implements Finding {
    public PermissionExcessive {
      allowed = List.copyOf(allowed);
      policies = List.copyOf(policies);
    }

    @Override
    public String message() {
      return "Pods on these nodes can %s%s."
          .formatted(
              allowed.stream().map(NodePermissions::inWords).collect(Collectors.joining(", ")),
              inBrackets(policies));
    }

    @Override
    public Set<String> actions() {
      return CHANGES;
    }

    @Override
    public Map<String, String> details() {
      return Map.of("actions", joined(allowed));
    }
  }

  @Override
  public Stream<Finding> differences(Target target, DesiredRole desired, RoleState actual) {
    List<Decision> decisions = decisions(actual);
    Set<String> toBeGranted = givenByMissingPolicies(desired, actual);
    Map<Verdict, List<Decision>> missing =
        decisions.stream()
            .filter(
                decision ->
                    isNeeded(decision)
                        && !decision.isAllowed()
                        && !decision.isUncertain()
                        // Its policy is missing, which is a finding of its own.
                        && !(decision.verdict() == Verdict.NOT_GRANTED
                            && toBeGranted.contains(decision.action())))
            .collect(Collectors.groupingBy(Decision::verdict));
    List<Decision> excessive = matching(decisions, each -> !isNeeded(each) && each.isAllowed());
    return Stream.concat(
        missing.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                each ->
                    new PermissionMissing(
                        each.getKey(), actions(each.getValue()), policies(each.getValue()))),
        excessive.isEmpty()
            ? Stream.empty()
            : Stream.of(new PermissionExcessive(actions(excessive), policies(excessive))));
  }

  @Override
  public Stream<Note> notes(DesiredRole desired, RoleState actual) {
    if (actual instanceof Present role && role.effect() instanceof Unknown(var reason)) {
      return Stream.of(new Note.EffectNotVerified(reason));
    }
    List<Decision> uncertain =
        matching(decisions(actual), each -> isNeeded(each) && each.isUncertain());
    return uncertain.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Note.PermissionDependsOnContext(
                actions(matching(uncertain, each -> !each.isAllowed())),
                uncertain.stream()
                    .flatMap(each -> each.missingContext().stream())
                    .distinct()
                    .sorted()
                    .toList()));
  }

  /** Why it is not known whether nodes can do what they have to; empty when it is. */
  public static Optional<String> whyNotVerified(SimulatedEffect effect) {
    return switch (effect) {
      case Unknown(var reason) -> Optional.of(reason);
      case NotSimulated() ->
          Optional.of("Only roles that are guarded by their names are verified.");
      case NotAsked() -> Optional.empty();
      case Known(var decisions) -> {
        List<Decision> open =
            matching(decisions, each -> isNeeded(each) && !each.isAllowed() && each.isUncertain());
        yield open.isEmpty()
            ? Optional.empty()
            : Optional.of(
                "Whether nodes can do %s depends on %s, which IAM's simulation does not know."
                    .formatted(
                        joined(actions(open)),
                        joined(
                            open.stream()
                                .flatMap(each -> each.missingContext().stream())
                                .distinct()
                                .sorted()
                                .toList())));
      }
    };
  }

  private static List<Decision> decisions(RoleState actual) {
    return switch (actual) {
      case Present role when role.effect() instanceof Known(var decisions) -> decisions;
      case Present _, Absent _ -> List.of();
    };
  }

  private static Set<String> givenByMissingPolicies(DesiredRole desired, RoleState actual) {
    return switch (actual) {
      case Present role ->
          desired.policies().stream()
              .filter(choice -> !choice.isSatisfiedBy(role.attachedPolicyArns()))
              .flatMap(choice -> NodePermissions.neededBy(choice).stream())
              .collect(Collectors.toSet());
      case Absent _ -> Set.of();
    };
  }

  private static boolean isNeeded(Decision decision) {
    return !NodePermissions.isExcessive(decision.action());
  }

  private static List<Decision> matching(List<Decision> decisions, Predicate<Decision> condition) {
    return decisions.stream().filter(condition).toList();
  }

  private static List<String> actions(List<Decision> decisions) {
    return decisions.stream().map(Decision::action).toList();
  }

  private static List<String> policies(List<Decision> decisions) {
    return decisions.stream()
        .flatMap(decision -> decision.policies().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static String joined(List<String> texts) {
    return String.join(", ", texts);
  }

  private static String inBrackets(List<String> policies) {
    return policies.isEmpty() ? "" : " (%s)".formatted(joined(policies));
  }
}
