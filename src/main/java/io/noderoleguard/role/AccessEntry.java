package io.noderoleguard.role;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A cluster's access entry, with all that it takes to create it again. EKS also keeps the ID of the
 * principal that it was created for, and shows it nowhere.
 *
 * @param type as EKS names it
 * @param policies the access policies that are associated with it, where its type may have any
 */
public record AccessEntry(
    ClusterName cluster,
    String principalArn,
    String arn,
    String type,
    String username,
    Set<String> groups,
    Map<String, String> tags,
    Instant createdAt,
    List<Policy> policies) {

  /** The type of a node of Auto Mode, which has an access policy. */
  public static final String AUTO_MODE = "EC2";

  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html
  private static final Set<String> NODE_TYPES =
      Set.of(
          "EC2_LINUX", "EC2_WINDOWS", AUTO_MODE, "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX");

  /** The only access policy that an entry of nodes may have. */
  private static final Pattern AUTO_NODE_POLICY =
      Pattern.compile("arn:aws(-[a-z]+)*:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy");

  // Nobody but EKS may give these:
  // https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
  private static final Pattern RESERVED = Pattern.compile("(system|eks|aws|amazon|iam):.*");

  /**
   * An associated access policy.
   *
   * @param namespaces in which it holds; empty for the whole cluster
   */
  public record Policy(String arn, List<String> namespaces) {
    public Policy {
      namespaces = List.copyOf(namespaces);
    }
  }

  public AccessEntry {
    groups = Set.copyOf(groups);
    tags = Map.copyOf(tags);
    policies = List.copyOf(policies);
  }

  /** Whether it lets nodes join. The others, of type STANDARD, are none of the guard's business. */
  public boolean isOfNodes() {
    return NODE_TYPES.contains(type);
  }

  /**
   * Whether it can only be of an earlier role of the same ARN: an entry is created for a principal
   * that exists, and a role that was created later is another one.
   */
  public boolean isOlderThan(RoleState.Present role) {
    return createdAt.isBefore(role.createdAt());
  }

  /** Whether the guard may create it again as it is. */
  boolean isRestorable() {
    return isOfNodes()
        && policies.stream().allMatch(each -> AUTO_NODE_POLICY.matcher(each.arn()).matches());
  }

  /** The username to ask for; empty where EKS gives it by itself. */
  public Optional<String> usernameToAsk() {
    return Optional.of(username).filter(name -> !RESERVED.matcher(name).matches());
  }

  /** The groups to ask for: those that EKS does not give by itself. */
  public List<String> groupsToAsk() {
    return groups.stream().filter(name -> !RESERVED.matcher(name).matches()).sorted().toList();
  }

  /** Whether it lets the same nodes do the same as the other one, which may be of another time. */
  public boolean isLike(AccessEntry other) {
    return principalArn.equals(other.principalArn)
        && type.equals(other.type)
        && username.equals(other.username)
        && groups.equals(other.groups)
        && tags.equals(other.tags)
        && Set.copyOf(policies).equals(Set.copyOf(other.policies));
  }

  /** All of it as JSON, by the names of EKS's API. */
  public String json() {
    JsonObject.Builder json =
        JsonObject.with()
            .member("clusterName", cluster.name())
            .member("region", cluster.region())
            .member("principalArn", principalArn)
            .member("accessEntryArn", arn)
            .member("type", type)
            .member("username", username)
            .member("kubernetesGroups", texts(groups.stream().sorted().toList()))
            .member("createdAt", createdAt.toString());
    JsonObject.Builder tagsJson = JsonObject.with();
    new TreeMap<>(tags).forEach(tagsJson::member);
    List<JsonValue> policiesJson =
        policies.stream()
            .<JsonValue>map(
                policy ->
                    JsonObject.with()
                        .member("policyArn", policy.arn())
                        .member("namespaces", texts(policy.namespaces()))
                        .build())
            .toList();
    return Json.write(
        json.member("tags", tagsJson.build())
            .member("accessPolicies", new JsonArray(policiesJson))
            .build());
  }

  private static JsonArray texts(Collection<String> texts) {
    return new JsonArray(texts.stream().<JsonValue>map(JsonString::new).toList());
  }
}
