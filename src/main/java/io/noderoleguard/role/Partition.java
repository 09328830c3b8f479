package io.noderoleguard.role;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A partition of AWS: {@code aws}, {@code aws-cn}, {@code aws-us-gov} and others of that form. See
 * <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">ARNs</a>.
 */
public record Partition(String id) {

  static final String EC2 = "ec2.amazonaws.com";
  static final String EC2_IN_CHINA = "ec2.amazonaws.com.cn";

  private static final Pattern ID = Pattern.compile("aws(-[a-z]+)*");

  /** The partition of the standard regions. */
  public static final Partition AWS = new Partition("aws");

  /** The partition of the regions in China. */
  public static final Partition AWS_CN = new Partition("aws-cn");

  private static final List<String> SUPPORTED = List.of("aws", "aws-cn", "aws-us-gov");

  /**
   * @throws IllegalArgumentException when the ID has not the form of a partition's
   */
  public Partition {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("\"%s\" is not the ID of a partition".formatted(id));
    }
  }

  /** The partition that an ARN names; empty when it is no ARN. */
  public static Optional<Partition> ofArn(String arn) {
    String[] parts = arn.split(":", 3);
    return parts.length == 3 && parts[0].equals("arn") && ID.matcher(parts[1]).matches()
        ? Optional.of(new Partition(parts[1]))
        : Optional.empty();
  }

  /** Whether the guard knows the names that AWS's services have in it. */
  boolean isSupported() {
    return SUPPORTED.contains(id);
  }

  /** The partitions that are supported, in words. */
  static String supported() {
    return String.join(", ", SUPPORTED);
  }

  /** The names by which EC2 may be trusted, first the one to write. */
  List<String> ec2Names() {
    // EKS asks for the Chinese name in China, while EC2 assumes the role by the other one as well:
    // https://docs.amazonaws.cn/en_us/eks/latest/userguide/create-node-role.html
    return equals(AWS_CN) ? List.of(EC2_IN_CHINA, EC2) : List.of(EC2);
  }

  /**
   * The ARN of a managed policy in this partition.
   *
   * @param nameOrArn the name of an AWS managed policy, or an ARN, which is given back as it is
   */
  String policyArn(String nameOrArn) {
    return nameOrArn.startsWith("arn:") ? nameOrArn : "arn:" + id + ":iam::aws:policy/" + nameOrArn;
  }
}
