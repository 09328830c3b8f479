package io.noderoleguard.eks;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.aws.Result;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Cluster;
import io.noderoleguard.role.ClusterName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;

/**
 * The clusters of one AWS account in EKS, with a client for each Region that is asked for. Safe for
 * use by several threads.
 */
public final class EksGateway {

  private final Function<Optional<String>, EksClient> newClient;
  private final Pace.Limits limits;
  private final Map<Optional<String>, Regional> regions = new ConcurrentHashMap<>();

  /** EKS counts the calls in each Region by themselves. */
  private record Regional(EksClient client, Pace pace) {}

  /**
   * @param newClient makes a client with {@link EksClients#builder()}, for the function's own
   *     Region where none is named
   */
  public EksGateway(Function<Optional<String>, EksClient> newClient, Pace.Limits pace) {
    this.newClient = newClient;
    this.limits = pace;
  }

  /** The account that the SDK's default settings and credentials lead to. */
  public static EksGateway ofDefaultAccount() {
    return new EksGateway(
        region -> {
          var builder = EksClients.builder();
          region.map(Region::of).ifPresent(builder::region);
          return builder.build();
        },
        Pace.Limits.DEFAULT);
  }

  private Regional in(Optional<String> region) {
    return regions.computeIfAbsent(
        region, id -> new Regional(newClient.apply(id), new Pace(limits)));
  }

  /** The function's own Region. */
  public String homeRegion() {
    return in(Optional.empty()).client().serviceClientConfiguration().region().id();
  }

  /**
   * The names of all clusters of a Region.
   *
   * @param left how long it may take; a call that AWS refuses because there are too many is
   *     repeated until then
   */
  public Result<List<String>> clusterNames(String region, Duration left) {
    Regional at = at(region);
    return new AwsCall("eks:ListClusters", "the clusters of " + region)
        .list(
            scope(at, left),
            (token, within) ->
                at.client()
                    .listClusters(
                        list ->
                            list.nextToken(token.orElse(null))
                                .maxResults(ClusterReader.PAGE_SIZE)
                                .overrideConfiguration(within)),
            page -> Optional.ofNullable(page.nextToken()),
            page -> page.clusters());
  }

  /**
   * Reads a cluster, its node groups, and the principals of its access entries.
   *
   * @param left how long it may take
   * @return the cluster; {@code NOT_FOUND} if there is none of that name
   */
  public Result<Cluster> cluster(ClusterName name, Duration left) {
    Regional at = at(name.region());
    return new ClusterReader(at.client(), name, scope(at, left)).read();
  }

  /**
   * Reads the access entry of a principal, and its access policies where its type has any.
   *
   * @param left how long it may take
   * @return the entry; {@code NOT_FOUND} if there is none
   */
  public Result<AccessEntry> entry(ClusterName cluster, String principalArn, Duration left) {
    Regional at = at(cluster.region());
    return new EntryReader(at.client(), cluster, principalArn, scope(at, left)).read();
  }

  /**
   * Makes one change to an access entry with one call.
   *
   * @param left how long it may take
   * @return the change, or why it failed
   */
  public Result<Change.OfAccessEntry> apply(Change.OfAccessEntry change, Duration left) {
    Regional at = at(change.entry().cluster().region());
    return new EntryWriter(at.client(), scope(at, left)).apply(change);
  }

  private Regional at(String region) {
    return in(region.equals(homeRegion()) ? Optional.empty() : Optional.of(region));
  }

  private static CallScope scope(Regional at, Duration left) {
    return CallScope.of(at.client(), at.pace(), left);
  }
}
