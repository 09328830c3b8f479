package io.noderoleguard.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The calls that the guard makes: the one list that the permissions are held against. */
final class GuardCalls {

  /** What a call works on. */
  enum Target {
    ROLE("role"),
    PROFILE("instance-profile");

    private final String kind;

    Target(String kind) {
      this.kind = kind;
    }

    /** The ARN of a role or profile, given its path and name such as {@code /eks/Nodes}. */
    String arn(String partition, String pathAndName) {
      return "arn:%s:iam::%s:%s%s".formatted(partition, Deployment.ACCOUNT, kind, pathAndName);
    }
  }

  /**
   * A call, with what IAM knows of it beyond the resource.
   *
   * @param context condition keys and their values
   */
  record Call(String action, Target target, Map<String, String> context) {

    Call(String action, Target target) {
      this(action, target, Map.of());
    }
  }

  /** That of a guard that verifies what a role's policies add up to. */
  static final Call EFFECT = new Call("iam:SimulatePrincipalPolicy", Target.ROLE);

  /** Asks who changed a role; CloudTrail knows no resource for it. */
  static final String LOOKUP = "cloudtrail:LookupEvents";

  private GuardCalls() {}

  static List<Call> reads() {
    return List.of(
        new Call("iam:GetRole", Target.ROLE),
        new Call("iam:ListAttachedRolePolicies", Target.ROLE),
        new Call("iam:ListInstanceProfilesForRole", Target.ROLE),
        new Call("iam:GetInstanceProfile", Target.PROFILE),
        EFFECT);
  }

  /** The further reads of a guard that looks at other policies. */
  static List<Call> readsOfOtherPolicies() {
    return List.of(
        new Call("iam:ListRolePolicies", Target.ROLE), new Call("iam:GetRolePolicy", Target.ROLE));
  }

  /** The further writes of a guard that removes other policies. */
  static List<Call> removals(List<String> policyArns) {
    List<Call> calls = new ArrayList<>();
    policyArns.forEach(
        arn ->
            calls.add(new Call("iam:DetachRolePolicy", Target.ROLE, Map.of("iam:PolicyARN", arn))));
    calls.add(new Call("iam:DeleteRolePolicy", Target.ROLE));
    return List.copyOf(calls);
  }

  /** The further reads of a guard that has a pattern; IAM knows no resource for them. */
  static List<Call> readsOfPatterns() {
    return List.of(new Call("iam:GetAccountAuthorizationDetails", Target.ROLE));
  }

  /**
   * The further reads of a guard that ensures an instance profile; IAM knows no resource for them.
   */
  static List<Call> readsOfEmptyProfiles() {
    return List.of(new Call("iam:ListInstanceProfiles", Target.PROFILE));
  }

  /** The writes of a guard that asks for neither a boundary nor tags. */
  static List<Call> writes(List<String> policyArns) {
    List<Call> calls = new ArrayList<>(roleWrites(policyArns));
    calls.addAll(profileWrites());
    return List.copyOf(calls);
  }

  /** Those of them that a guard makes, too, that leaves instance profiles to others. */
  static List<Call> roleWrites(List<String> policyArns) {
    List<Call> calls = new ArrayList<>();
    calls.add(new Call("iam:CreateRole", Target.ROLE));
    calls.add(new Call("iam:UpdateAssumeRolePolicy", Target.ROLE));
    policyArns.forEach(
        arn ->
            calls.add(new Call("iam:AttachRolePolicy", Target.ROLE, Map.of("iam:PolicyARN", arn))));
    return List.copyOf(calls);
  }

  /** Those of them that create and fill instance profiles. */
  static List<Call> profileWrites() {
    return List.of(
        new Call("iam:CreateInstanceProfile", Target.PROFILE),
        new Call("iam:AddRoleToInstanceProfile", Target.PROFILE),
        // What AddRoleToInstanceProfile asks for besides itself.
        new Call("iam:PassRole", Target.ROLE, Map.of("iam:PassedToService", "ec2.amazonaws.com")));
  }

  /** The further writes of a guard that asks for a boundary. */
  static List<Call> boundaryWrites(String boundaryArn) {
    Map<String, String> context = Map.of("iam:PermissionsBoundary", boundaryArn);
    return List.of(
        new Call("iam:CreateRole", Target.ROLE, context),
        new Call("iam:PutRolePermissionsBoundary", Target.ROLE, context));
  }

  /** The further reads of a guard that checks clusters. */
  static List<String> clusterReads() {
    return List.of(
        "eks:ListClusters",
        "eks:DescribeCluster",
        "eks:ListNodegroups",
        "eks:DescribeNodegroup",
        "eks:ListAccessEntries",
        "eks:DescribeAccessEntry",
        "eks:ListAssociatedAccessPolicies");
  }

  /** Its further writes. */
  static List<String> accessEntryWrites() {
    return List.of("eks:DeleteAccessEntry", "eks:CreateAccessEntry", "eks:AssociateAccessPolicy");
  }

  /** What these ask for besides themselves. */
  static List<String> impliedByAccessEntries() {
    return List.of("eks:TagResource", "iam:PassRole");
  }

  /** The further writes of a guard that asks for tags. */
  static List<Call> tagWrites() {
    return List.of(new Call("iam:TagRole", Target.ROLE));
  }
}
