package io.noderoleguard.role;

import java.util.List;
import java.util.Map;

/**
 * Something worth knowing about a role that is compliant in this aspect. It never changes a status,
 * and nobody is notified because of it alone.
 */
public sealed interface Note {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** The note in a sentence for a person. */
  String message();

  /** What it is about, by name, for a program. */
  default Map<String, String> details() {
    return Map.of();
  }

  /**
   * EC2 may assume the role under a condition that binds it to the role's own account.
   *
   * @param conditions each in words; one of them has to hold
   */
  record TrustPolicyNarrowed(List<String> conditions) implements Note {
    public TrustPolicyNarrowed {
      conditions = List.copyOf(conditions);
    }

    @Override
    public String message() {
      return ("The trust policy lets EC2 assume the role only if %s. That binds EC2 to the role's own"
              + " account: left as it is.")
          .formatted(String.join(", or ", conditions));
    }
  }

  /** EC2 may tag the role's sessions, too. */
  record TrustPolicyTagsSessions() implements Note {
    @Override
    public String message() {
      return "The trust policy also allows EC2 sts:TagSession, as roles of EKS Auto Mode do: left as"
          + " it is.";
    }
  }

  /**
   * The trust policy denies something to others than EC2.
   *
   * @param denials each in words: "denies sts:AssumeRole to everyone (*) only if …"
   */
  record TrustPolicyDenies(List<String> denials) implements Note {
    public TrustPolicyDenies {
      denials = List.copyOf(denials);
    }

    @Override
    public String message() {
      return "The trust policy also %s. That cannot concern an AWS service: left as it is."
          .formatted(String.join("; ", denials));
    }
  }

  /** An inline policy ends sessions that may have been stolen, and is left as it is. */
  record SessionsRevoked(String policyName) implements Note {
    @Override
    public String message() {
      return ("The inline policy %s ends the role's older sessions: left as it is, since it does"
              + " nothing else.")
          .formatted(policyName);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyName", policyName);
    }
  }

  /**
   * IAM was asked what the role's policies add up to, and did not say.
   *
   * @param reason in a sentence
   */
  record EffectNotVerified(String reason) implements Note {
    @Override
    public String message() {
      return "It was not verified what nodes with this role can do. " + reason;
    }
  }

  /**
   * What nodes can do depends on values that IAM's simulation has none of.
   *
   * @param denied the actions that nodes need and that are denied without those values
   * @param contextKeys the keys of the values
   */
  record PermissionDependsOnContext(List<String> denied, List<String> contextKeys) implements Note {
    public PermissionDependsOnContext {
      denied = List.copyOf(denied);
      contextKeys = List.copyOf(contextKeys);
    }

    @Override
    public String message() {
      String keys = String.join(", ", contextKeys);
      return denied.isEmpty()
          ? ("Policies of the role have conditions on %s, which IAM's simulation of what nodes can do"
                  + " does not know.")
              .formatted(keys)
          : "Whether nodes can do %s depends on %s, which IAM's simulation does not know."
              .formatted(String.join(", ", denied), keys);
    }

    @Override
    public Map<String, String> details() {
      return denied.isEmpty() ? Map.of() : Map.of("actions", String.join(", ", denied));
    }
  }

  /** In China the trust policy names EC2 as elsewhere. */
  record ChinaServicePrincipalMissing() implements Note {
    @Override
    public String message() {
      return ("The trust policy names %s, but not %s, which EKS in China has asked for: left as it"
              + " is.")
          .formatted(Partition.EC2, Partition.EC2_IN_CHINA);
    }
  }

  /** A cluster that the role is used in maps roles by their ARNs alone. */
  record ClusterUsesConfigMap(ClusterName cluster) implements Note {
    @Override
    public String message() {
      return ("The cluster %s recognises roles by the ConfigMap aws-auth alone, by their ARN without"
              + " the path. It has no access entries, and a recreated role works there at once.")
          .formatted(cluster);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("cluster", cluster.toString());
    }
  }

  /** EKS reports an issue of a node group with the role that has to do with IAM. */
  record NodeGroupUnhealthy(ClusterName cluster, String nodeGroup, String code, String issue)
      implements Note {
    @Override
    public String message() {
      return "EKS reports %s of the node group %s of the cluster %s: %s"
          .formatted(code, nodeGroup, cluster, issue);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("cluster", cluster.toString(), "nodegroup", nodeGroup, "code", code);
    }
  }
}
