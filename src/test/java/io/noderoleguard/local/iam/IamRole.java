package io.noderoleguard.local.iam;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A role as it is at one moment.
 *
 * @param id of this very role: one that is made again under the same name has another
 * @param trustPolicy the document's text as it was given, not encoded
 * @param maxSessionDuration in seconds
 * @param attachedPolicyArns in the order they were attached
 * @param inlinePolicies document by name
 * @param tags value by key; keys are found in any letter case
 * @param instanceProfileNames those that hold it
 */
public record IamRole(
    String name,
    String path,
    String arn,
    String id,
    Instant createDate,
    String trustPolicy,
    Optional<String> description,
    int maxSessionDuration,
    List<String> attachedPolicyArns,
    NavigableMap<String, String> inlinePolicies,
    NavigableMap<String, String> tags,
    Optional<String> permissionsBoundary,
    NavigableSet<String> instanceProfileNames) {

  public IamRole {
    attachedPolicyArns = List.copyOf(attachedPolicyArns);
    inlinePolicies = Collections.unmodifiableNavigableMap(new TreeMap<>(inlinePolicies));
    tags = caseInsensitive(tags);
    instanceProfileNames =
        Collections.unmodifiableNavigableSet(new TreeSet<>(instanceProfileNames));
  }

  static NavigableMap<String, String> caseInsensitive(Map<String, String> tags) {
    NavigableMap<String, String> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(tags);
    return Collections.unmodifiableNavigableMap(sorted);
  }

  /** Whether only AWS may change it. */
  boolean isProtected() {
    return isReserved(path);
  }

  static boolean isReserved(String path) {
    return path.startsWith("/aws-service-role/") || path.startsWith("/aws-reserved/");
  }

  /** The role after a change. */
  IamRole changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        draft.trustPolicy,
        description,
        maxSessionDuration,
        draft.attachedPolicyArns,
        draft.inlinePolicies,
        draft.tags,
        draft.permissionsBoundary,
        draft.instanceProfileNames);
  }

  /** What can be changed of a role, while it is changed. */
  static final class Draft {
    String trustPolicy;
    List<String> attachedPolicyArns;
    NavigableMap<String, String> inlinePolicies;
    NavigableMap<String, String> tags;
    Optional<String> permissionsBoundary;
    NavigableSet<String> instanceProfileNames;

    private Draft(IamRole role) {
      this.trustPolicy = role.trustPolicy;
      this.attachedPolicyArns = role.attachedPolicyArns;
      this.inlinePolicies = role.inlinePolicies;
      this.tags = role.tags;
      this.permissionsBoundary = role.permissionsBoundary;
      this.instanceProfileNames = role.instanceProfileNames;
    }
  }
}
