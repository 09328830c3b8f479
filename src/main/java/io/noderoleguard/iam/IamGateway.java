package io.noderoleguard.iam;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.aws.Result;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.DesiredRole;
import io.noderoleguard.role.Home;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Present;
import io.noderoleguard.role.Target;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.iam.IamClient;

/** The roles of one AWS account in IAM. Safe for use by several threads. */
public final class IamGateway {

  private final IamClient client;
  private final Pace pace;

  /**
   * @param client a client made with {@link IamClients#builder()}
   */
  public IamGateway(IamClient client) {
    this(client, Pace.Limits.DEFAULT);
  }

  /** The same with another pace than {@link Pace.Limits#DEFAULT}. */
  public IamGateway(IamClient client, Pace.Limits pace) {
    this.client = client;
    this.pace = new Pace(pace);
  }

  /** The account that the SDK's default settings and credentials lead to. */
  public static IamGateway ofDefaultAccount() {
    return new IamGateway(IamClients.builder().build());
  }

  /**
   * A stand-in account with one compliant role, {@code rehearsal}. Calls take the SDK's whole path
   * except the network, and are signed with made-up credentials.
   *
   * @param policies names of the AWS managed policies that the role has
   */
  public static IamGateway standIn(List<String> policies) {
    return new IamGateway(
        IamClients.withoutHttp(CallLimits.DEFAULT)
            .httpClient(UrlConnectionHttpClient.create(uri -> standInConnection(uri, policies)))
            .credentialsProvider(
                AwsCredentialsProviderChain.of(
                    StaticCredentialsProvider.create(
                        AwsSessionCredentials.create("rehearsal", "rehearsal", "rehearsal")),
                    // Never asked, but made, as the default chain makes them: under SnapStart it
                    // is the container's that gives the credentials.
                    WebIdentityTokenFileCredentialsProvider.create(),
                    ProfileCredentialsProvider.create(),
                    ContainerCredentialsProvider.create(),
                    InstanceProfileCredentialsProvider.create()))
            .build());
  }

  private static HttpURLConnection standInConnection(URI uri, List<String> policies) {
    try {
      return new StandInConnection(uri, policies);
    } catch (MalformedURLException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Reads all of a role that its desired state is about: three or four calls side by side, and more
   * where an instance profile has to hold the role and none does, or where other policies than the
   * required ones count.
   *
   * @param target the role, whose name has no path
   * @param desired what the role is to be compared with: what that does not ask for is not read
   * @param home where it is expected
   * @param left how long it may take; a call that AWS refuses because there are too many is
   *     repeated until then
   * @return the role, every page of every list, or why something of it could not be read
   */
  public Result<RoleState> read(Target target, DesiredRole desired, Home home, Duration left) {
    return new RoleReader(client, target, desired, home, scope(left)).read();
  }

  /**
   * Reads the account's roles, a page after the other. What that does not say of a role, {@link
   * #complete} adds.
   *
   * @param desired what the roles are to be compared with
   * @param left how long it may take
   * @param isWanted whether to read a role of that name and path
   * @param consumer takes each wanted role's name, and the role or why it cannot be used, as soon
   *     as it is read
   * @return how many pages were read, or why the reading ended early
   */
  public Result<Integer> forEachRole(
      DesiredRole desired,
      Duration left,
      BiPredicate<String, String> isWanted,
      BiConsumer<String, Result<Present>> consumer) {
    return new AccountReader(client, desired, scope(left)).forEachRole(isWanted, consumer);
  }

  /**
   * Adds what {@link #forEachRole} does not say of a role: whether a profile of the same name
   * exists where no instance profile holds the role, and what the policies of a role that is
   * guarded by its name add up to. Any other role takes no call.
   *
   * @param target the role, whose name has no path
   * @param desired what the role is to be compared with: what that does not ask for is not read
   * @param home where it is expected
   * @param left how long it may take
   */
  public Result<RoleState> complete(
      Target target, Present role, DesiredRole desired, Home home, Duration left) {
    return new RoleReader(client, target, desired, home, scope(left)).complete(role);
  }

  /**
   * Makes one change to a role with one call.
   *
   * @param left how long it may take
   * @return the change, or why it failed
   */
  public Result<Change> apply(String roleName, Change change, Duration left) {
    return new RoleWriter(client, roleName, scope(left)).apply(change);
  }

  private CallScope scope(Duration left) {
    return CallScope.of(client, pace, left);
  }
}
