package io.noderoleguard.local.iam;

import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * An instance profile as it is at one moment.
 *
 * @param tags value by key; keys are found in any letter case
 * @param roleName the role it holds, if it holds one
 */
public record IamInstanceProfile(
    String name,
    String path,
    String arn,
    String id,
    Instant createDate,
    NavigableMap<String, String> tags,
    Optional<String> roleName) {

  public IamInstanceProfile {
    tags = IamRole.caseInsensitive(tags);
  }

  IamInstanceProfile withRoleName(Optional<String> changed) {
    return new IamInstanceProfile(name, path, arn, id, createDate, tags, changed);
  }

  boolean holds(String role) {
    return roleName.filter(role::equalsIgnoreCase).isPresent();
  }
}
