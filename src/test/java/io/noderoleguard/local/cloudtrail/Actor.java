package io.noderoleguard.local.cloudtrail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Who calls, as CloudTrail records it.
 *
 * @param identity the record's userIdentity
 */
public record Actor(ObjectNode identity, String userAgent, String sourceIpAddress) {

  private static final String ACCOUNT = "123456789012";

  /** A user of IAM with an access key. */
  public static Actor user(String name, String userAgent, String sourceIpAddress) {
    ObjectNode identity = identity("IAMUser", "arn:aws:iam::%s:user/%s".formatted(ACCOUNT, name));
    identity.put("principalId", "AIDAEXAMPLEUSER000001").put("userName", name);
    return new Actor(identity, userAgent, sourceIpAddress);
  }

  /**
   * A session of a role.
   *
   * @param pathAndRole the role's name with its path: {@code ci} or {@code team/ci}
   */
  public static Actor session(
      String pathAndRole, String session, String userAgent, String sourceIpAddress) {
    String role = pathAndRole.substring(pathAndRole.lastIndexOf('/') + 1);
    ObjectNode identity =
        identity(
            "AssumedRole", "arn:aws:sts::%s:assumed-role/%s/%s".formatted(ACCOUNT, role, session));
    identity
        .put("principalId", "AROAEXAMPLEROLE000001:" + session)
        .putObject("sessionContext")
        .putObject("sessionIssuer")
        .put("type", "Role")
        .put("principalId", "AROAEXAMPLEROLE000001")
        .put("arn", "arn:aws:iam::%s:role/%s".formatted(ACCOUNT, pathAndRole))
        .put("accountId", ACCOUNT)
        .put("userName", role);
    return new Actor(identity, userAgent, sourceIpAddress);
  }

  private static ObjectNode identity(String type, String arn) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("arn", arn)
        .put("accountId", ACCOUNT)
        .put("accessKeyId", "ASIAIOSFODNN7EXAMPLE");
  }
}
