package io.noderoleguard.role;

import io.noderoleguard.policy.Condition;
import io.noderoleguard.policy.Permission;
import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.PolicyDocument;
import io.noderoleguard.policy.Principal;
import io.noderoleguard.policy.Scope.Only;
import io.noderoleguard.policy.Scope.Unstated;
import io.noderoleguard.role.Note.TrustPolicyDenies;
import io.noderoleguard.role.Note.TrustPolicyNarrowed;
import io.noderoleguard.role.Note.TrustPolicyTagsSessions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a trust policy may say besides what it must, because it provably does no harm: recognised by
 * its meaning.
 */
final class TrustVariations {

  static final String ASSUME_ROLE = "sts:AssumeRole";
  private static final String TAG_SESSION = "sts:TagSession";

  // ArnEquals and ArnLike are the same. StringEquals knows no wildcard, and a single instance is
  // less than the account:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
  private static final Set<String> ARN_OPERATORS = Set.of("arnlike", "arnequals", "stringlike");
  private static final Set<String> TEXT_OPERATORS =
      Set.of("stringequals", "stringequalsignorecase", "stringlike");
  private static final Set<String> BOOLEAN_OPERATORS = Set.of("bool", "boolifexists");

  /** All instances of EC2 in an account, of all Regions or some. */
  private static final Pattern INSTANCES =
      Pattern.compile(
          "arn:aws(-[a-z]+)*:ec2:(\\*|[a-z]{2}-\\*|[a-z]{2}(-[a-z]+)+-([0-9]+|\\*))"
              + ":(?<account>[0-9]{12}):(\\*|instance/\\*|instance/i-\\*)");

  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /** An account, user, role or session, or the unique ID of one that was deleted. */
  private static final Pattern NAMED =
      Pattern.compile(
          "[0-9]{12}|A[A-Z0-9]{15,127}|arn:aws(-[a-z]+)*:(iam|sts)::[0-9]{12}:"
              + "(root|(user|role|assumed-role|federated-user)/[A-Za-z0-9_+=,.@/-]+)");

  private static final Pattern IDENTITY_PROVIDER = Pattern.compile("[A-Za-z0-9_+=,.@:/-]+");

  private TrustVariations() {}

  /**
   * A document freed from its harmless variations.
   *
   * @param document what is left, with its meaning for those who are trusted
   * @param notes one for each kind of variation that was taken away
   */
  record Plain(PolicyDocument document, List<Note> notes) {
    Plain {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Takes away what cannot concern a service: a Deny of others.
   *
   * @param wanted what stays nevertheless
   */
  static Plain withoutDenyOfOthers(PolicyDocument actual, Set<Permission> wanted) {
    Set<Permission> kept = new HashSet<>();
    List<Permission> denied = new ArrayList<>();
    for (Permission permission : actual.permissions()) {
      if (cannotMeetAService(permission) && !wanted.contains(permission)) {
        denied.add(permission);
      } else {
        kept.add(permission);
      }
    }
    return new Plain(
        actual.with(kept),
        denied.isEmpty() ? List.of() : List.of(new TrustPolicyDenies(inWords(denied))));
  }

  /**
   * Takes away all that is harmless where EC2 is to assume the role.
   *
   * @param ec2Names the names by which EC2 may be trusted
   */
  static Plain ofEc2(
      PolicyDocument actual, Collection<String> ec2Names, Partition partition, String account) {
    Plain plain = withoutDenyOfOthers(actual, Set.of());
    List<Note> notes = new ArrayList<>();
    Set<Permission> kept = new HashSet<>();
    List<Permission> narrowed = new ArrayList<>();
    for (Permission permission : plain.document.permissions()) {
      if (isOfEc2(permission, ec2Names)
          && permission.conditions().stream()
              .allMatch(condition -> bindsTo(partition, account, condition))) {
        Permission unconditional = permission.withoutConditions();
        kept.add(unconditional);
        if (isAction(permission, ASSUME_ROLE) && !actual.permissions().contains(unconditional)) {
          narrowed.add(permission);
        }
      } else {
        kept.add(permission);
      }
    }
    Predicate<Permission> isUnconditional =
        permission -> isOfEc2(permission, ec2Names) && permission.conditions().isEmpty();
    boolean isTrusted =
        kept.stream().anyMatch(each -> isUnconditional.test(each) && isAction(each, ASSUME_ROLE));
    if (!narrowed.isEmpty()) {
      notes.add(
          new TrustPolicyNarrowed(
              narrowed.stream().map(Permission::conditionsInWords).distinct().sorted().toList()));
    }
    if (isTrusted
        && kept.removeIf(each -> isUnconditional.test(each) && isAction(each, TAG_SESSION))) {
      notes.add(new TrustPolicyTagsSessions());
    }
    notes.addAll(plain.notes);
    return new Plain(plain.document.with(kept), notes);
  }

  private static List<String> inWords(List<Permission> permissions) {
    return permissions.stream().map(Permission::inWords).sorted().toList();
  }

  /** An Allow for EC2, by one of its names, of an action that it takes to assume the role. */
  private static boolean isOfEc2(Permission permission, Collection<String> ec2Names) {
    return permission.effect() == Effect.ALLOW
        && permission.resource() instanceof Unstated
        && permission.principal() instanceof Only<Principal>(Principal(var type, var id))
        && type.equals("Service")
        && ec2Names.contains(id)
        && (isAction(permission, ASSUME_ROLE) || isAction(permission, TAG_SESSION));
  }

  private static boolean isAction(Permission permission, String action) {
    return permission.action().equals(new Only<>(action));
  }

  /** Whether a condition holds for everything that EC2 does for an account, and for no other. */
  static boolean bindsTo(Partition partition, String account, Condition condition) {
    return !condition.values().isEmpty()
        && condition.values().stream()
            .allMatch(
                value ->
                    boundAccount(condition, value).filter(account::equals).isPresent()
                        && isOfPartition(value, partition));
  }

  /** Whether a condition binds EC2 to an account, whichever that is. */
  static boolean bindsToAnAccount(Condition condition) {
    Set<Optional<String>> accounts =
        condition.values().stream()
            .map(value -> boundAccount(condition, value))
            .collect(Collectors.toSet());
    return accounts.size() == 1 && !accounts.contains(Optional.empty());
  }

  private static Optional<String> boundAccount(Condition condition, String value) {
    String operator = condition.operator().toLowerCase(Locale.ROOT);
    if (condition.key().equalsIgnoreCase("aws:SourceAccount")) {
      return Optional.of(value)
          .filter(id -> TEXT_OPERATORS.contains(operator) && ACCOUNT.matcher(id).matches());
    }
    if (condition.key().equalsIgnoreCase("aws:SourceArn") && ARN_OPERATORS.contains(operator)) {
      var arn = INSTANCES.matcher(value);
      return arn.matches() ? Optional.of(arn.group("account")) : Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isOfPartition(String value, Partition partition) {
    return Partition.ofArn(value).map(partition::equals).orElse(true);
  }

  /**
   * Whether it is a Deny that meets no service: it names others, or its condition says that the
   * principal is no AWS service. That key is part of every request, and true of a service's:
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
   */
  static boolean cannotMeetAService(Permission permission) {
    return permission.effect() == Effect.DENY
        && permission.resource() instanceof Unstated
        && (namesOthers(permission)
            || permission.conditions().stream().anyMatch(TrustVariations::saysNoService));
  }

  private static boolean namesOthers(Permission permission) {
    return permission.principal() instanceof Only<Principal>(Principal(var type, var id))
        && switch (type) {
          case "AWS" -> NAMED.matcher(id).matches();
          case "Federated" -> IDENTITY_PROVIDER.matcher(id).matches();
          default -> false;
        };
  }

  private static boolean saysNoService(Condition condition) {
    return condition.key().equalsIgnoreCase("aws:PrincipalIsAWSService")
        && BOOLEAN_OPERATORS.contains(condition.operator().toLowerCase(Locale.ROOT))
        && condition.values().equals(Set.of("false"));
  }
}
