package io.noderoleguard.iam;

import io.noderoleguard.role.Change;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;

/** The roles of one AWS account, as IAM has them. Safe for use by several threads. */
public final class IamRoles {

  private final RoleReader reader;
  private final RoleWriter writer;

  /**
   * @param client a client made with {@link IamClients#builder()}
   */
  public IamRoles(IamClient client) {
    this.reader = new RoleReader(client);
    this.writer = new RoleWriter(client);
  }

  /** The account that the SDK's default settings and credentials lead to. */
  public static IamRoles ofDefaultAccount() {
    return new IamRoles(IamClients.builder().build());
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
   * Makes one change with one call.
   *
   * @param within how long the call may take, its retries included
   * @return why it was not made; empty when it was
   */
  public Optional<IamProblem> apply(Change change, Duration within) {
    return writer.apply(change, within);
  }
}
