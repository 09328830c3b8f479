package io.noderoleguard.local.eks;

import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.IamError;
import io.noderoleguard.local.iam.IamRole;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The clusters of an account, in all Regions. An entry remembers the ID of the role that it was
 * created for, as EKS does: {@link #admits} says whether nodes with the role of today can join.
 */
public final class EksAccount {

  public static final String AUTO_NODE_POLICY =
      "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy";

  private static final Set<String> NODE_TYPES =
      Set.of("EC2_LINUX", "EC2_WINDOWS", "EC2", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX");

  private final IamAccount iam;
  private final Map<String, EksCluster> clusters = new TreeMap<>();

  public EksAccount(IamAccount iam) {
    this.iam = iam;
  }

  synchronized EksAccount copy() {
    EksAccount copy = new EksAccount(iam);
    clusters.forEach((key, cluster) -> copy.clusters.put(key, cluster.copy()));
    return copy;
  }

  private static String key(String region, String name) {
    return region + "/" + name;
  }

  /** Adds a cluster; the mode is API, API_AND_CONFIG_MAP or CONFIG_MAP. */
  public synchronized void createCluster(String region, String name, String authenticationMode) {
    clusters.put(key(region, name), new EksCluster(region, name, authenticationMode));
  }

  public synchronized void deleteCluster(String region, String name) {
    clusters.remove(key(region, name));
  }

  public synchronized void status(String region, String name, String status) {
    cluster(region, name).status = status;
  }

  /** Turns Auto Mode on. */
  public synchronized void autoMode(String region, String name, String nodeRoleArn) {
    cluster(region, name).autoModeRoleArn = Optional.of(nodeRoleArn);
  }

  public synchronized void putNodegroup(String region, String cluster, EksNodegroup nodegroup) {
    cluster(region, cluster).nodegroups.put(nodegroup.name(), nodegroup);
  }

  /**
   * Creates an entry as EKS does, for the role that exists now.
   *
   * @param type as in the API
   */
  public synchronized EksEntry createEntry(
      String region, String cluster, String principalArn, String type, Map<String, String> tags) {
    return createEntry(region, cluster, principalArn, type, Optional.empty(), List.of(), tags);
  }

  synchronized EksEntry createEntry(
      String region,
      String clusterName,
      String principalArn,
      String type,
      Optional<String> username,
      List<String> groups,
      Map<String, String> tags) {
    EksCluster cluster = cluster(region, clusterName);
    requireEntries(cluster);
    boolean isNode = NODE_TYPES.contains(type);
    if (!isNode && !type.equals("STANDARD")) {
      throw refused(EksError.invalidParameter("The type " + type + " is not valid."));
    }
    if (username.filter(text -> text.startsWith("system:")).isPresent()
        || groups.stream().anyMatch(group -> group.startsWith("system:"))) {
      throw refused(EksError.invalidParameter("A username or group must not begin with system:."));
    }
    if (isNode && !groups.isEmpty()) {
      throw refused(
          EksError.invalidParameter(
              "Kubernetes groups cannot be specified for type " + type + "."));
    }
    String principalId =
        principalId(principalArn).orElseThrow(() -> refused(EksError.invalidPrincipal()));
    if (cluster.entries.containsKey(principalArn)) {
      throw refused(EksError.inUse());
    }
    EksEntry entry =
        new EksEntry(
            principalArn,
            principalId,
            entryArn(cluster, principalArn),
            type,
            username.orElseGet(() -> defaultUsername(type, principalArn)),
            isNode ? List.of("system:nodes") : groups,
            tags,
            Instant.now().truncatedTo(ChronoUnit.MILLIS),
            List.of());
    cluster.entries.put(principalArn, entry);
    return entry;
  }

  /** As if all entries of the principal had been created at that time. */
  public synchronized void backdateAll(String principalArn, Instant time) {
    clusters
        .values()
        .forEach(
            cluster ->
                cluster.entries.computeIfPresent(
                    principalArn, (_, entry) -> entry.createdAt(time)));
  }

  public synchronized void deleteEntry(String region, String clusterName, String principalArn) {
    EksCluster cluster = cluster(region, clusterName);
    requireEntries(cluster);
    if (cluster.entries.remove(principalArn) == null) {
      throw refused(EksError.noEntry(principalArn));
    }
  }

  public synchronized void associate(
      String region, String clusterName, String principalArn, EksEntry.Policy policy) {
    EksEntry entry = entry(region, clusterName, principalArn);
    boolean isAllowed =
        entry.type().equals("STANDARD")
            || (entry.type().equals("EC2") && policy.arn().equals(AUTO_NODE_POLICY));
    if (!isAllowed) {
      throw refused(
          EksError.invalidRequest(
              "The access policy cannot be associated with an entry of type "
                  + entry.type()
                  + "."));
    }
    cluster(region, clusterName).entries.put(principalArn, entry.with(policy));
  }

  public synchronized EksEntry entry(String region, String clusterName, String principalArn) {
    EksCluster cluster = cluster(region, clusterName);
    requireEntries(cluster);
    return Optional.ofNullable(cluster.entries.get(principalArn))
        .orElseThrow(() -> refused(EksError.noEntry(principalArn)));
  }

  public synchronized Collection<EksEntry> entries(String region, String clusterName) {
    EksCluster cluster = cluster(region, clusterName);
    requireEntries(cluster);
    return List.copyOf(cluster.entries.values());
  }

  /** Whether nodes with this role, as it is now, may join the cluster by an access entry. */
  public synchronized boolean admits(String region, String cluster, String principalArn) {
    EksEntry entry = cluster(region, cluster).entries.get(principalArn);
    return entry != null
        && NODE_TYPES.contains(entry.type())
        && Optional.of(entry.principalId()).equals(principalId(principalArn))
        && (!entry.type().equals("EC2")
            || entry.policies().stream().anyMatch(each -> each.arn().equals(AUTO_NODE_POLICY)));
  }

  synchronized EksCluster cluster(String region, String name) {
    return Optional.ofNullable(clusters.get(key(region, name)))
        .orElseThrow(() -> refused(EksError.noCluster(name)));
  }

  synchronized List<String> clusterNames(String region) {
    return clusters.values().stream()
        .filter(cluster -> cluster.region.equals(region))
        .map(cluster -> cluster.name)
        .toList();
  }

  String arn(String region, String resource) {
    return "arn:%s:eks:%s:%s:%s".formatted(iam.partition(), region, iam.accountId(), resource);
  }

  private String entryArn(EksCluster cluster, String principalArn) {
    String[] parts = principalArn.split(":", 6);
    String kind = parts[5].substring(0, parts[5].indexOf('/'));
    String name = parts[5].substring(parts[5].lastIndexOf('/') + 1);
    return arn(
        cluster.region,
        "access-entry/%s/%s/%s/%s/%s"
            .formatted(cluster.name, kind, parts[4], name, UUID.randomUUID()));
  }

  private static String defaultUsername(String type, String principalArn) {
    return switch (type) {
      case "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYPERPOD_LINUX" ->
          "system:node:{{EC2PrivateDNSName}}";
      case "FARGATE_LINUX", "HYBRID_LINUX" -> "system:node:{{SessionName}}";
      default -> principalArn + "/{{SessionName}}";
    };
  }

  /** Users are taken to exist; of roles, those of IAM, by their whole ARN. */
  private Optional<String> principalId(String principalArn) {
    return principalArn.contains(":user/")
        ? Optional.of("AIDA" + principalArn.hashCode())
        : iam.roles().stream()
            .filter(role -> role.arn().equals(principalArn))
            .map(IamRole::id)
            .findFirst();
  }

  private static void requireEntries(EksCluster cluster) {
    if (cluster.authenticationMode.equals("CONFIG_MAP")) {
      throw refused(EksError.configMapOnly());
    }
  }

  static Refusal refused(IamError error) {
    return new Refusal(error);
  }

  /** Thrown where EKS refuses a call; nothing has changed then. */
  static final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient IamError error;

    private Refusal(IamError error) {
      super(error.code() + ": " + error.message());
      this.error = error;
    }

    IamError error() {
      return error;
    }
  }
}
