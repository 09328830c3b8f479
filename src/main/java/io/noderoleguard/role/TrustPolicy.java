package io.noderoleguard.role;

import io.noderoleguard.policy.MalformedPolicyException;
import io.noderoleguard.policy.NamedPrincipals;
import io.noderoleguard.policy.Permission;
import io.noderoleguard.policy.Permission.Effect;
import io.noderoleguard.policy.PolicyDocument;
import io.noderoleguard.policy.PolicyReader;
import io.noderoleguard.policy.Principal;
import io.noderoleguard.policy.Scope;
import io.noderoleguard.policy.Scope.Only;
import io.noderoleguard.role.Note.ChinaServicePrincipalMissing;
import io.noderoleguard.role.TrustVariations.Plain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The trust policy that a node role should have: the owner's, or that of the EKS user guide, by
 * which EC2 may assume it, and nobody else.
 *
 * @param json the text to write
 * @param accepted the meanings that are right; that of the text is the first of them
 * @param isOwners whether the owner wrote it
 */
public record TrustPolicy(
    String json, List<PolicyDocument> accepted, Partition partition, boolean isOwners) {

  /** All names by which EC2 may be trusted, in whatever partition. */
  private static final Set<String> EC2_NAMES = Set.of(Partition.EC2, Partition.EC2_IN_CHINA);

  public TrustPolicy {
    accepted = List.copyOf(accepted);
  }

  /** The trust policy of the EKS user guide. */
  static TrustPolicy in(Partition partition) {
    List<String> names = partition.ec2Names();
    List<String> documents =
        Stream.concat(names.stream(), Stream.of(String.join("\",\"", names)))
            .distinct()
            .map(TrustPolicy::trusting)
            .toList();
    return new TrustPolicy(
        documents.getFirst(),
        documents.stream().map(TrustPolicy::parseOwn).toList(),
        partition,
        false);
  }

  /**
   * The owner's trust policy.
   *
   * @param json of which {@link TrustPolicyRules} find nothing wrong
   */
  static TrustPolicy ofOwner(String json, Partition partition) {
    return new TrustPolicy(json, List.of(parseOwn(json)), partition, true);
  }

  private static String trusting(String services) {
    return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Principal":{"Service":["SERVICES"]},"Action":"sts:AssumeRole"}]}"""
        .replace("SERVICES", services);
  }

  private static PolicyDocument parseOwn(String json) {
    try {
      return PolicyReader.read(json);
    } catch (MalformedPolicyException impossible) {
      throw new IllegalStateException(json, impossible);
    }
  }

  static boolean isAboutEc2(Permission permission, Effect effect) {
    return permission.effect() == effect
        && permission.covers(TrustVariations.ASSUME_ROLE)
        && permission.principal() instanceof Only<Principal>(Principal(var type, var id))
        && type.equals("Service")
        && EC2_NAMES.contains(id);
  }

  /**
   * Whether a role's trust policy is that of a node: it lets EC2 assume the role, on whatever
   * conditions, or one of those whom the owner's lets instead. One whose meaning is uncertain is
   * not.
   */
  boolean isOfNode(String actualJson) {
    PolicyDocument actual;
    try {
      actual = PolicyReader.read(actualJson);
    } catch (MalformedPolicyException malformed) {
      return false;
    }
    Set<Scope<Principal>> expected =
        allowed(accepted.getFirst()).map(Permission::principal).collect(Collectors.toSet());
    boolean isForEc2 =
        allowed(accepted.getFirst()).anyMatch(each -> isAboutEc2(each, Effect.ALLOW));
    return allowed(actual)
        .anyMatch(
            permission ->
                isForEc2
                    ? isAboutEc2(permission, Effect.ALLOW)
                    : expected.contains(permission.principal()));
  }

  private static Stream<Permission> allowed(PolicyDocument document) {
    return document.permissions().stream()
        .filter(permission -> permission.effect() == Effect.ALLOW)
        .filter(permission -> permission.covers(TrustVariations.ASSUME_ROLE));
  }

  /**
   * A role's trust policy beside the right one that is nearest to it.
   *
   * @param differences each in words; empty when it is right
   * @param notes what is worth knowing where it is right
   */
  record Comparison(List<String> differences, List<Note> notes) {
    Comparison {
      differences = List.copyOf(differences);
      notes = differences.isEmpty() ? List.copyOf(notes) : List.of();
    }
  }

  /**
   * Compares a role's trust policy by its meaning. A document whose meaning is uncertain differs.
   *
   * @param account the account that the role is in
   */
  Comparison compare(String actualJson, String account) {
    PolicyDocument actual;
    try {
      actual = PolicyReader.read(actualJson);
    } catch (MalformedPolicyException malformed) {
      return new Comparison(notUnderstood(actualJson, malformed), List.of());
    }
    Plain plain = plain(actual, account);
    List<String> differences =
        accepted.stream()
            .map(plain.document()::differencesFrom)
            .min(Comparator.comparingInt(List::size))
            .orElseThrow();
    List<Note> notes = new ArrayList<>(plain.notes());
    if (!isOwners && partition.equals(Partition.AWS_CN) && !namesEc2InChina(actual)) {
      notes.add(new ChinaServicePrincipalMissing());
    }
    return new Comparison(differences, notes);
  }

  private List<String> notUnderstood(String actualJson, MalformedPolicyException malformed) {
    String reason = "cannot be understood: " + malformed.reason();
    List<String> others =
        NamedPrincipals.in(actualJson).stream()
            .filter(name -> !partition.ec2Names().contains(name))
            .toList();
    return others.isEmpty()
        ? List.of(reason)
        : List.of(reason, "names " + String.join(", ", others));
  }

  /**
   * What the owner wrote is meant as it is written. But what is denied to others than services
   * changes nothing where only services are trusted.
   */
  private Plain plain(PolicyDocument actual, String account) {
    if (!isOwners) {
      return TrustVariations.ofEc2(actual, partition.ec2Names(), partition, account);
    }
    PolicyDocument owners = accepted.getFirst();
    return owners.permissions().stream().allMatch(TrustPolicy::isDenyOrOfService)
        ? TrustVariations.withoutDenyOfOthers(actual, owners.permissions())
        : new Plain(actual, List.of());
  }

  private static boolean isDenyOrOfService(Permission permission) {
    return permission.effect() == Effect.DENY
        || (permission.principal() instanceof Only<Principal>(Principal(var type, _))
            && type.equals("Service"));
  }

  private static boolean namesEc2InChina(PolicyDocument document) {
    return document.permissions().stream()
        .map(Permission::principal)
        .anyMatch(new Only<>(new Principal("Service", Partition.EC2_IN_CHINA))::equals);
  }
}
