package io.noderoleguard.role;

import java.util.List;

/**
 * An instance profile: the container in which EC2 hands a role to a node.
 *
 * @param roleNames the roles that it holds; IAM lets it hold one
 */
public record InstanceProfile(String name, String arn, List<String> roleNames) {
  public InstanceProfile {
    roleNames = List.copyOf(roleNames);
  }
}
