package io.noderoleguard.policy;

import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.Scope.Only;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An IAM policy document by its meaning: two documents that say the same in other words are equal.
 *
 * <p>No difference makes: the order, a list of one or the one outside a list, one statement or
 * several, a statement twice, a {@code Sid} or {@code Id}, the letter case of actions, an empty
 * {@code Condition}, and the {@code Version} where nothing in the document depends on it. Where it
 * is not certain that two documents mean the same (a wildcard and what it would match, the letter
 * case of a condition key), they are not equal. The rules are those of the <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html">IAM JSON
 * policy elements reference</a>.
 *
 * @param substitutesVariables whether <code>${…}</code> in it is a variable (version 2012-10-17)
 *     and not plain text; false where there is none
 */
public record PolicyDocument(boolean substitutesVariables, Set<Permission> permissions) {

  public PolicyDocument {
    permissions = Set.copyOf(permissions);
  }

  /** The document with these permissions instead. */
  public PolicyDocument with(Set<Permission> others) {
    return new PolicyDocument(
        substitutesVariables && others.stream().anyMatch(Permission::mentionsVariable), others);
  }

  /**
   * Says in words how this document differs from another, one sentence a difference: "also trusts
   * arn:aws:iam::999999999999:root". Empty exactly when the two are equal.
   */
  public List<String> differencesFrom(PolicyDocument desired) {
    Set<Permission> extra = without(desired.permissions, permissions);
    List<String> differences = new ArrayList<>();
    for (Permission permission : without(permissions, desired.permissions)) {
      // A permission with other conditions is reported once, as the extra one.
      if (extra.stream().noneMatch(permission::differsInConditionsOnly)) {
        differences.add(
            "does not %s%s"
                .formatted(
                    permission.effect() == Effect.ALLOW
                        ? desired.trust(permission)
                        : says(permission),
                    permission.restrictionsInWords()));
      }
    }
    differences.sort(null);
    extra.stream().map(desired::extraInWords).sorted().forEach(differences::add);
    if (differences.isEmpty() && substitutesVariables != desired.substitutesVariables) {
      differences.add(
          substitutesVariables
              ? "takes ${…} as a variable (Version 2012-10-17)"
              : "takes ${…} as plain text (Version 2008-10-17)");
    }
    return List.copyOf(differences);
  }

  private static Set<Permission> without(Set<Permission> some, Set<Permission> all) {
    return all.stream().filter(each -> !some.contains(each)).collect(Collectors.toSet());
  }

  private String trust(Permission permission) {
    return permission.action().equals(new Only<>("sts:AssumeRole"))
        ? "trust " + permission.principalInWords()
        : says(permission);
  }

  private static String says(Permission permission) {
    return "%s %s to %s"
        .formatted(
            permission.effect() == Effect.ALLOW ? "allow" : "deny",
            permission.actionInWords(),
            permission.principalInWords());
  }

  private String extraInWords(Permission extra) {
    String restrictions = extra.restrictionsInWords();
    if (extra.effect() == Effect.DENY) {
      return extra.inWords();
    }
    if (permissions.stream().anyMatch(extra::differsInConditionsOnly)) {
      return extra.conditions().isEmpty()
          ? "allows %s to %s without a condition"
              .formatted(extra.actionInWords(), extra.principalInWords())
          : "allows %s to %s%s"
              .formatted(extra.actionInWords(), extra.principalInWords(), restrictions);
    }
    boolean knownAction =
        permissions.stream().anyMatch(each -> each.action().equals(extra.action()));
    return knownAction
        ? "also trusts %s%s".formatted(extra.principalInWords(), restrictions)
        : "also allows %s to %s%s"
            .formatted(extra.actionInWords(), extra.principalInWords(), restrictions);
  }
}
