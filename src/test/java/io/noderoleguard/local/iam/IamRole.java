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

  IamRole withTrustPolicy(String changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        changed,
        description,
        maxSessionDuration,
        attachedPolicyArns,
        inlinePolicies,
        tags,
        permissionsBoundary,
        instanceProfileNames);
  }

  IamRole withAttachedPolicyArns(List<String> changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        trustPolicy,
        description,
        maxSessionDuration,
        changed,
        inlinePolicies,
        tags,
        permissionsBoundary,
        instanceProfileNames);
  }

  IamRole withInlinePolicies(NavigableMap<String, String> changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        trustPolicy,
        description,
        maxSessionDuration,
        attachedPolicyArns,
        changed,
        tags,
        permissionsBoundary,
        instanceProfileNames);
  }

  IamRole withTags(NavigableMap<String, String> changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        trustPolicy,
        description,
        maxSessionDuration,
        attachedPolicyArns,
        inlinePolicies,
        changed,
        permissionsBoundary,
        instanceProfileNames);
  }

  IamRole withPermissionsBoundary(Optional<String> changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        trustPolicy,
        description,
        maxSessionDuration,
        attachedPolicyArns,
        inlinePolicies,
        tags,
        changed,
        instanceProfileNames);
  }

  IamRole withInstanceProfileNames(NavigableSet<String> changed) {
    return new IamRole(
        name,
        path,
        arn,
        id,
        createDate,
        trustPolicy,
        description,
        maxSessionDuration,
        attachedPolicyArns,
        inlinePolicies,
        tags,
        permissionsBoundary,
        changed);
  }
}
