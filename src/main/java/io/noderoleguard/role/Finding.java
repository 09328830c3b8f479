package io.noderoleguard.role;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing in which a role differs from what it should be. */
public sealed interface Finding {

  /** Names the type in reports and logs; users' scripts rely on it. */
  default String type() {
    return getClass().getSimpleName();
  }

  /** The finding in a sentence for a person. */
  String message();

  /** What it is about, by name, for a program: {@code policyArn}, {@code instanceProfileName}. */
  default Map<String, String> details() {
    return Map.of();
  }

  /** There is no role of that name. */
  record RoleMissing(String roleName) implements Finding {
    @Override
    public String message() {
      return ("There is no role %s. When it is made anew, its ARN is the old one but its ID is not:"
              + " EKS access entries made for the old role must be made again.")
          .formatted(roleName);
    }
  }

  /** AWS made the role for a service of its own; only AWS may change it: left alone. */
  record RoleIsAwsOwn(String path) implements Finding {
    @Override
    public String message() {
      return "The role's path %s says that AWS made it for a service of its own: it is no node role."
          .formatted(path);
    }
  }

  /** The role is under another path, which cannot be changed: the guard leaves it alone. */
  record RolePathDiffers(String actualPath, String desiredPath) implements Finding {
    @Override
    public String message() {
      return "The role's path is %s, not %s. IAM cannot change a path: the guard leaves it alone."
          .formatted(actualPath, desiredPath);
    }
  }

  /**
   * The trust policy does not mean what it should.
   *
   * @param differences each in words: "also trusts arn:aws:iam::999999999999:root"
   */
  record TrustPolicyDiffers(List<String> differences) implements Finding {
    private static final int TOLD = 10;

    public TrustPolicyDiffers {
      differences = List.copyOf(differences);
    }

    @Override
    public String message() {
      int untold = differences.size() - TOLD;
      return "The trust policy %s%s."
          .formatted(
              String.join("; ", differences.subList(0, Math.min(TOLD, differences.size()))),
              untold > 0 ? "; and %d more".formatted(untold) : "");
    }
  }

  /** A required managed policy is not attached. */
  record ManagedPolicyNotAttached(String policyArn) implements Finding {
    @Override
    public String message() {
      return "The managed policy %s is not attached.".formatted(policyArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", policyArn);
    }
  }

  /** No instance profile holds the role, and none of its name exists. */
  record InstanceProfileMissing(String instanceProfileName, String path) implements Finding {
    @Override
    public String message() {
      return "No instance profile holds the role.";
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** No instance profile holds the role; the one of its name is empty. */
  record InstanceProfileEmpty(String instanceProfileName) implements Finding {
    @Override
    public String message() {
      return "No instance profile holds the role; the profile %s is empty."
          .formatted(instanceProfileName);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("instanceProfileName", instanceProfileName);
    }
  }

  /** No instance profile holds the role; the one of its name is another's: left alone. */
  record InstanceProfileHoldsOtherRole(String instanceProfileName, String otherRoleName)
      implements Finding {
    @Override
    public String message() {
      return ("No instance profile holds the role; the profile %s holds the role %s. Others may rely"
              + " on that: the guard leaves it alone.")
          .formatted(instanceProfileName, otherRoleName);
    }

    @Override
    public Map<String, String> details() {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("instanceProfileName", instanceProfileName);
      details.put("otherRoleName", otherRoleName);
      return details;
    }
  }

  /** The permissions boundary is not the one asked for. */
  record PermissionsBoundaryDiffers(Optional<String> actualArn, String desiredArn)
      implements Finding {
    @Override
    public String message() {
      return "The permissions boundary is %s, not %s."
          .formatted(actualArn.orElse("missing"), desiredArn);
    }

    @Override
    public Map<String, String> details() {
      return Map.of("policyArn", desiredArn);
    }
  }

  /**
   * Tags that were asked for are missing or have another value.
   *
   * @param tags those, with the value that they should have
   */
  record TagsDiffer(Map<String, String> tags) implements Finding {
    public TagsDiffer {
      tags = Map.copyOf(tags);
    }

    @Override
    public String message() {
      return "These tags are missing or have another value: %s."
          .formatted(String.join(", ", tags.keySet().stream().sorted().toList()));
    }
  }
}
