package io.noderoleguard.role;

import io.noderoleguard.policy.MalformedPolicyException;
import io.noderoleguard.policy.PolicyDocument;
import io.noderoleguard.policy.PolicyReader;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The trust policy of a node role: EC2 may assume it, and nobody else.
 *
 * @param json the text to write
 * @param accepted the meanings that are right; that of the text is the first of them
 */
public record TrustPolicy(String json, List<PolicyDocument> accepted) {

  private static final String EC2 = "ec2.amazonaws.com";
  // EKS asks for this one in China, while EC2 assumes the role by the other name as well:
  // https://docs.amazonaws.cn/en_us/eks/latest/userguide/create-node-role.html
  private static final String EC2_IN_CHINA = "ec2.amazonaws.com.cn";

  public TrustPolicy {
    accepted = List.copyOf(accepted);
  }

  static TrustPolicy in(Partition partition) {
    return partition.equals(Partition.AWS_CN)
        ? accepting(trusting(EC2_IN_CHINA), trusting(EC2), trusting(EC2_IN_CHINA + "\",\"" + EC2))
        : accepting(trusting(EC2));
  }

  private static String trusting(String services) {
    return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Principal":{"Service":["SERVICES"]},"Action":"sts:AssumeRole"}]}"""
        .replace("SERVICES", services);
  }

  private static TrustPolicy accepting(String... documents) {
    return new TrustPolicy(documents[0], Stream.of(documents).map(TrustPolicy::parseOwn).toList());
  }

  private static PolicyDocument parseOwn(String json) {
    try {
      return PolicyReader.read(json);
    } catch (MalformedPolicyException impossible) {
      throw new IllegalStateException(json, impossible);
    }
  }

  /**
   * Says in words how a trust policy differs from the right one that is nearest to it; empty when
   * it is right. A document whose meaning cannot be told differs.
   */
  List<String> differencesOf(String actualJson) {
    PolicyDocument actual;
    try {
      actual = PolicyReader.read(actualJson);
    } catch (MalformedPolicyException malformed) {
      return List.of("cannot be understood: " + malformed.reason());
    }
    return accepted.stream()
        .map(actual::differencesFrom)
        .min(Comparator.comparingInt(List::size))
        .orElseThrow();
  }
}
