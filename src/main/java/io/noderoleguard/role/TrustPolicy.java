package io.noderoleguard.role;

import io.noderoleguard.policy.MalformedPolicyException;
import io.noderoleguard.policy.Permission;
import io.noderoleguard.policy.PolicyDocument;
import io.noderoleguard.policy.PolicyReader;
import io.noderoleguard.policy.Principal;
import io.noderoleguard.policy.Scope.Only;
import io.noderoleguard.role.Trust.ChinaServicePrincipalMissing;
import io.noderoleguard.role.TrustVariations.Plain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The trust policy of a node role: EC2 may assume it, and nobody else.
 *
 * @param json the text to write
 * @param accepted the meanings that are right; that of the text is the first of them
 */
public record TrustPolicy(String json, List<PolicyDocument> accepted, Partition partition) {

  public TrustPolicy {
    accepted = List.copyOf(accepted);
  }

  static TrustPolicy in(Partition partition) {
    List<String> names = partition.ec2Names();
    Stream<String> all = Stream.of(String.join("\",\"", names));
    return accepting(
        partition,
        Stream.concat(names.stream(), all).distinct().map(TrustPolicy::trusting).toList());
  }

  private static String trusting(String services) {
    return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Principal":{"Service":["SERVICES"]},"Action":"sts:AssumeRole"}]}"""
        .replace("SERVICES", services);
  }

  private static TrustPolicy accepting(Partition partition, List<String> documents) {
    return new TrustPolicy(
        documents.getFirst(), documents.stream().map(TrustPolicy::parseOwn).toList(), partition);
  }

  private static PolicyDocument parseOwn(String json) {
    try {
      return PolicyReader.read(json);
    } catch (MalformedPolicyException impossible) {
      throw new IllegalStateException(json, impossible);
    }
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
   * Compares a role's trust policy by its meaning. A document whose meaning cannot be told differs.
   *
   * @param account the account that the role is in
   */
  Comparison compare(String actualJson, String account) {
    PolicyDocument actual;
    try {
      actual = PolicyReader.read(actualJson);
    } catch (MalformedPolicyException malformed) {
      return new Comparison(List.of("cannot be understood: " + malformed.reason()), List.of());
    }
    Plain plain = TrustVariations.ofEc2(actual, partition.ec2Names(), partition, account);
    List<String> differences =
        accepted.stream()
            .map(plain.document()::differencesFrom)
            .min(Comparator.comparingInt(List::size))
            .orElseThrow();
    List<Note> notes = new ArrayList<>(plain.notes());
    if (partition.equals(Partition.AWS_CN)
        && actual.permissions().stream().noneMatch(TrustPolicy::isOfEc2InChina)) {
      notes.add(new ChinaServicePrincipalMissing());
    }
    return new Comparison(differences, notes);
  }

  private static boolean isOfEc2InChina(Permission permission) {
    return permission
        .principal()
        .equals(new Only<>(new Principal("Service", Partition.EC2_IN_CHINA)));
  }
}
