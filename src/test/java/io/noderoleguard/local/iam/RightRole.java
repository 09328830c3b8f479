package io.noderoleguard.local.iam;

/** A node role that is right: there is nothing to repair. */
public final class RightRole {

  public static final String NAME = "NodeInstanceRole";

  private RightRole() {}

  /** Adds the role under its name, with an instance profile of that name. */
  public static void addTo(IamAccount account) {
    addTo(account, NAME);
  }

  /** Adds such a role under any name. */
  public static void addTo(IamAccount account, String name) {
    addTo(account, name, "/");
  }

  /** Adds such a role under any name and path; its instance profile is under no path. */
  public static void addTo(IamAccount account, String name, String path) {
    account.createRole(
        name,
        path,
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""");
    // As the EKS user guide names them
    account.attachRolePolicy(name, account.awsPolicyArn("AmazonEKSWorkerNodePolicy"));
    account.attachRolePolicy(name, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    account.attachRolePolicy(name, account.awsPolicyArn("AmazonEC2ContainerRegistryReadOnly"));
    account.createInstanceProfile(name);
    account.addRoleToInstanceProfile(name, name);
  }
}
