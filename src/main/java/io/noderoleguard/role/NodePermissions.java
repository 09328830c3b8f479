package io.noderoleguard.role;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Which actions nodes cannot do without, and which ones no node should be able to do.
 *
 * <p>Needed is what the software on a node calls to join a cluster and to run pods, by the required
 * policy that is there for it: not all that AWS put into that policy, which changes. Only actions
 * that are asked for on every resource ({@code *}) are in it, so that a simulation decides them.
 */
final class NodePermissions {

  // The kubelet and the bootstrap:
  // https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
  private static final List<String> WORKER_NODE = List.of("ec2:DescribeInstances");

  // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
  private static final List<String> POD_IDENTITY = List.of("eks-auth:AssumeRoleForPodIdentity");

  // https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html and
  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md, but for CreateTags,
  // which is allowed on network interfaces alone
  private static final List<String> CNI =
      List.of(
          "ec2:AssignPrivateIpAddresses",
          "ec2:AttachNetworkInterface",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeTags",
          "ec2:DetachNetworkInterface",
          "ec2:ModifyNetworkInterfaceAttribute",
          "ec2:UnassignPrivateIpAddresses");

  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html
  private static final List<String> IMAGE_PULLS =
      List.of("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer");

  // https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
  private static final List<String> SESSION_MANAGER =
      List.of(
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel");

  private static final Map<String, List<String>> NEEDED =
      Map.of(
          "AmazonEKSWorkerNodePolicy", WORKER_NODE,
          "AmazonEKSWorkerNodeMinimalPolicy", POD_IDENTITY,
          "AmazonEKS_CNI_Policy", CNI,
          "AmazonEC2ContainerRegistryReadOnly", IMAGE_PULLS,
          "AmazonEC2ContainerRegistryPullOnly", IMAGE_PULLS,
          "AmazonEC2ContainerRegistryPowerUser", IMAGE_PULLS,
          "AmazonSSMManagedInstanceCore", SESSION_MANAGER);

  /**
   * What each action would let a pod do, each enough to become administrator of the account; see <a
   * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_permissions-management.html">permissions
   * management</a>.
   */
  private static final SequencedMap<String, String> TAKE_OVER = takeOver();

  private NodePermissions() {}

  private static SequencedMap<String, String> takeOver() {
    SequencedMap<String, String> words = new LinkedHashMap<>();
    words.put("iam:AttachRolePolicy", "attach any policy to any role");
    words.put("iam:PutRolePolicy", "write policies into any role");
    words.put("iam:AttachUserPolicy", "attach any policy to any user");
    words.put("iam:PutUserPolicy", "write policies into any user");
    words.put("iam:AttachGroupPolicy", "attach any policy to any group");
    words.put("iam:PutGroupPolicy", "write policies into any group");
    words.put("iam:UpdateAssumeRolePolicy", "let anyone assume any role");
    words.put("iam:CreatePolicyVersion", "rewrite any customer managed policy");
    words.put("iam:SetDefaultPolicyVersion", "bring back any policy's older version");
    words.put("iam:CreateAccessKey", "create access keys of any user");
    words.put("iam:CreateLoginProfile", "give any user a password");
    words.put("iam:UpdateLoginProfile", "change any user's password");
    return words;
  }

  /** The actions that nodes need, as far as the required policies tell; sorted. */
  static List<String> neededBy(List<PolicyChoice> required) {
    SequencedSet<String> needed = new LinkedHashSet<>();
    required.forEach(choice -> needed.addAll(neededBy(choice)));
    return needed.stream().sorted().toList();
  }

  /** What is needed whichever of the alternatives is attached. */
  static Set<String> neededBy(PolicyChoice choice) {
    Set<String> needed = new LinkedHashSet<>(neededBy(choice.arns().getFirst()));
    choice.arns().forEach(arn -> needed.retainAll(neededBy(arn)));
    return needed;
  }

  private static List<String> neededBy(String policyArn) {
    return policyArn.contains(":iam::aws:policy/")
        ? NEEDED.getOrDefault(policyArn.substring(policyArn.lastIndexOf('/') + 1), List.of())
        : List.of();
  }

  /** The actions that no node should be able to do. */
  static List<String> excessive() {
    return new ArrayList<>(TAKE_OVER.keySet());
  }

  static boolean isExcessive(String action) {
    return TAKE_OVER.containsKey(action);
  }

  /** What an excessive action lets a pod do. */
  static String inWords(String action) {
    return TAKE_OVER.getOrDefault(action, action);
  }
}
