package io.noderoleguard.local.eks;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An access entry as it is at one moment.
 *
 * @param principalId of the very role that it was created for, which EKS shows nowhere
 */
public record EksEntry(
    String principalArn,
    String principalId,
    String arn,
    String type,
    String username,
    List<String> groups,
    Map<String, String> tags,
    Instant createdAt,
    List<Policy> policies) {

  public EksEntry {
    groups = List.copyOf(groups);
    tags = Map.copyOf(new TreeMap<>(tags));
    policies = List.copyOf(policies);
  }

  /** An associated access policy, in the whole cluster or in namespaces. */
  public record Policy(String arn, String scope, List<String> namespaces) {
    public Policy {
      namespaces = List.copyOf(namespaces);
    }
  }

  EksEntry with(Policy policy) {
    List<Policy> all = new ArrayList<>(policies);
    all.removeIf(each -> each.arn().equals(policy.arn()));
    all.add(policy);
    return new EksEntry(
        principalArn, principalId, arn, type, username, groups, tags, createdAt, all);
  }

  EksEntry createdAt(Instant time) {
    return new EksEntry(
        principalArn, principalId, arn, type, username, groups, tags, time, policies);
  }
}
