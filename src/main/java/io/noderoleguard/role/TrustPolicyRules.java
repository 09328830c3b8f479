package io.noderoleguard.role;

import io.noderoleguard.policy.MalformedPolicyException;
import io.noderoleguard.policy.Permission;
import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.PolicyDocument;
import io.noderoleguard.policy.PolicyReader;
import io.noderoleguard.policy.Principal;
import io.noderoleguard.policy.Scope;
import io.noderoleguard.policy.Scope.Only;
import java.util.Locale;
import java.util.Optional;

/** What an owner's trust policy must be, before it is written to a role. */
final class TrustPolicyRules {

  // IAM's default quota, which does not count white space, and what it takes in a policy:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  private static final int MAX_LENGTH = 2_048;
  private static final String ACCEPTED_CHARACTERS = "[\\t\\n\\r\\x20-\\xFF]*";

  private TrustPolicyRules() {}

  /**
   * What IAM would not accept of an owner's trust policy, or why nodes could not use it, as a
   * clause; empty when nothing is wrong.
   *
   * @param isForEc2 whether EC2 has to be able to assume the role
   */
  static Optional<String> problemWith(String json, boolean isForEc2) {
    PolicyDocument document;
    try {
      document = PolicyReader.read(json);
    } catch (MalformedPolicyException malformed) {
      return Optional.of("it is not a trust policy: " + malformed.reasonAndPlace());
    }
    if (!json.matches(ACCEPTED_CHARACTERS)) {
      return Optional.of("it has characters that IAM does not accept in a policy, beyond U+00FF");
    }
    long length = json.chars().filter(each -> !Character.isWhitespace(each)).count();
    if (length > MAX_LENGTH) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "it has %,d characters without white space; IAM accepts %,d",
              length,
              MAX_LENGTH));
    }
    return document.permissions().stream()
        .flatMap(permission -> problemWith(permission).stream())
        .sorted()
        .findFirst()
        .or(
            () ->
                isForEc2 && !letsEc2In(document)
                    ? Optional.of(
                        ("no statement lets EC2 assume the role, so nodes could not use it: a statement"
                                + " is required that allows sts:AssumeRole to the service %s, without"
                                + " a condition or for one account only")
                            .formatted(Partition.EC2))
                    : Optional.empty());
  }

  private static Optional<String> problemWith(Permission permission) {
    if (!(permission.resource() instanceof Scope.Unstated)) {
      return Optional.of("it has a Resource, which a trust policy must not have");
    }
    return switch (permission.principal()) {
      case Scope.Unstated<Principal>() ->
          Optional.of("a Statement has no Principal: a trust policy says who is trusted");
      case Scope.AllBut<Principal>(_) when permission.effect() == Effect.ALLOW ->
          Optional.of("it trusts everyone but some (NotPrincipal)");
      case Scope.AllBut<Principal>(_) -> problemWithAction(permission);
      case Only<Principal>(_) -> problemWithAction(permission);
    };
  }

  private static Optional<String> problemWithAction(Permission permission) {
    return permission.action() instanceof Only<String>(var action) && !action.startsWith("sts:")
        ? Optional.of("it names the action %s: only those of STS are accepted".formatted(action))
        : Optional.empty();
  }

  private static boolean letsEc2In(PolicyDocument document) {
    boolean isAllowed =
        document.permissions().stream()
            .anyMatch(
                permission ->
                    TrustPolicy.isAboutEc2(permission, Effect.ALLOW)
                        && permission.conditions().stream()
                            .allMatch(TrustVariations::bindsToAnAccount));
    boolean isDenied =
        document.permissions().stream()
            .anyMatch(
                permission ->
                    permission.conditions().isEmpty()
                        && (TrustPolicy.isAboutEc2(permission, Effect.DENY)
                            || deniesEveryone(permission)));
    return isAllowed && !isDenied;
  }

  private static boolean deniesEveryone(Permission permission) {
    return permission.effect() == Effect.DENY
        && permission.covers(TrustVariations.ASSUME_ROLE)
        && permission.principal().equals(new Only<>(new Principal("AWS", "*")));
  }
}
