package io.noderoleguard.local.iam;

/** A node role to try the guard on: it has drifted, and it has what is not the guard's. */
public final class DriftedRole {

  public static final String NAME = "NodeInstanceRole";

  private DriftedRole() {}

  /**
   * Adds the role: a required policy is missing, a stranger is trusted, no instance profile holds
   * it; and it has a further policy, an inline policy and tags, which are to stay.
   */
  public static void addTo(IamAccount account) {
    account.createRole(
        NAME,
        """
        {"Version":"2012-10-17","Statement":[\
        {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com",\
        "AWS":"arn:%s:iam::999999999999:root"},"Action":"sts:AssumeRole"}]}"""
            .formatted(account.partition()));
    account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonEKSWorkerNodePolicy"));
    account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonEC2ContainerRegistryReadOnly"));
    account.attachRolePolicy(NAME, account.awsPolicyArn("AmazonSSMManagedInstanceCore"));
    account.putRolePolicy(
        NAME,
        "ship-logs",
        """
        {"Version":"2012-10-17","Statement":[\
        {"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}""");
    account.tagRole(NAME, "team", "platform");
    account.tagRole(NAME, "cost-center", "4711");
  }
}
