package io.noderoleguard.iam;

import io.noderoleguard.role.Change;
import io.noderoleguard.role.RoleState.Present;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.iam.IamClient;

/** The roles of one AWS account, as IAM has them. Safe for use by several threads. */
public final class IamRoles {

  private final RoleReader reader;
  private final AccountReader account;
  private final RoleWriter writer;

  /**
   * @param client a client made with {@link IamClients#builder()}
   */
  public IamRoles(IamClient client) {
    this.reader = new RoleReader(client);
    this.account = new AccountReader(client);
    this.writer = new RoleWriter(client);
  }

  /** The account that the SDK's default settings and credentials lead to. */
  public static IamRoles ofDefaultAccount() {
    return new IamRoles(IamClients.builder().build());
  }

  /**
   * An account with one right role, {@code rehearsal}, that is nowhere: all of the SDK's way to IAM
   * is gone but the network's part. It signs with credentials that are nobody's.
   *
   * @param policies names of the AWS managed policies that the role has
   */
  public static IamRoles ofRehearsal(List<String> policies) {
    return new IamRoles(
        IamClients.withoutHttp(CallLimits.DEFAULT)
            .httpClient(UrlConnectionHttpClient.create(uri -> cannedIam(uri, policies)))
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

  private static HttpURLConnection cannedIam(URI uri, List<String> policies) {
    try {
      return new CannedIam(uri, policies);
    } catch (MalformedURLException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Reads all of a role that its desired state is about: three calls side by side, and a fourth
   * where no instance profile holds the role.
   *
   * @param roleName the role's name, without a path
   * @param within how long a single call may take, its retries included
   */
  public Reading read(String roleName, Duration within) {
    return reader.read(roleName, within);
  }

  /**
   * Reads all roles of the account, a page after the other. Of a role that no instance profile
   * holds it does not tell whether there is a profile of its name.
   *
   * @param left how long a call may take, its retries included; asked before each
   * @param consumer takes each role as soon as it is read
   * @return why the reading ended early; empty when all roles were read
   */
  public Optional<IamProblem> forEachRole(Supplier<Duration> left, Consumer<Present> consumer) {
    return account.forEachRole(left, consumer);
  }

  /**
   * Makes one change with one call.
   *
   * @param within how long the call may take, its retries included
   * @return why it was not made; empty when it was
   */
  public Optional<IamProblem> apply(Change change, Duration within) {
    return writer.apply(change, within);
  }
}
