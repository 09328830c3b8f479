package io.noderoleguard.local.iam;

import java.util.Optional;

/**
 * AWS's words for a call that no policy allows.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html">their
 *     forms</a>
 */
final class AccessDenied {

  private AccessDenied() {}

  static IamError of(Call call, IamAccount account) {
    String action = "iam:" + call.action();
    String user =
        "arn:" + account.partition() + ":sts::" + account.accountId() + ":assumed-role/guard/run";
    return new IamError(
        "AccessDenied",
        403,
        "User: "
            + user
            + " is not authorized to perform: "
            + action
            + " on resource: "
            + resource(call, account)
            + " because no identity-based policy allows the "
            + action
            + " action");
  }

  private static String resource(Call call, IamAccount account) {
    Optional<String> profile =
        call.parameter("InstanceProfileName").map(name -> "instance profile " + name);
    Optional<String> role = call.parameter("RoleName").map(name -> "role " + name);
    return profile
        .or(() -> role)
        .or(() -> call.parameter("PolicySourceArn"))
        .orElse("arn:" + account.partition() + ":iam::" + account.accountId() + ":role/");
  }
}
