package io.noderoleguard.local.iam;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The managed policies of AWS that a node role may meet, with their paths.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html">
 *     the whole list</a>
 */
final class AwsManagedPolicies {

  private static final Set<String> RESOURCES =
      Arrays.stream(
              """
              AdministratorAccess
              AmazonEBSCSIDriverEKSClusterScopedPolicy
              AmazonEBSCSIDriverPolicyV2
              AmazonEC2ContainerRegistryFullAccess
              AmazonEC2ContainerRegistryPowerUser
              AmazonEC2ContainerRegistryPullOnly
              AmazonEC2ContainerRegistryReadOnly
              AmazonEC2FullAccess
              AmazonEC2ReadOnlyAccess
              AmazonEKSBlockStoragePolicy
              AmazonEKSClusterPolicy
              AmazonEKSComputePolicy
              AmazonEKSFargatePodExecutionRolePolicy
              AmazonEKSLoadBalancingPolicy
              AmazonEKSLocalOutpostClusterPolicy
              AmazonEKSNetworkingPolicy
              AmazonEKSServicePolicy
              AmazonEKSVPCResourceController
              AmazonEKSWorkerNodeMinimalPolicy
              AmazonEKSWorkerNodePolicy
              AmazonEKS_CNI_Policy
              AmazonElasticFileSystemClientReadWriteAccess
              AmazonElasticFileSystemFullAccess
              AmazonFSxFullAccess
              AmazonRoute53ReadOnlyAccess
              AmazonS3FullAccess
              AmazonS3ReadOnlyAccess
              AmazonSSMDirectoryServiceAccess
              AmazonSSMFullAccess
              AmazonSSMManagedEC2InstanceDefaultPolicy
              AmazonSSMManagedInstanceCore
              AmazonSSMPatchAssociation
              AmazonSSMReadOnlyAccess
              AmazonVPCReadOnlyAccess
              AWSXRayDaemonWriteAccess
              AWSXrayReadOnlyAccess
              AutoScalingReadOnlyAccess
              CloudWatchAgentAdminPolicy
              CloudWatchAgentServerPolicy
              CloudWatchFullAccess
              CloudWatchFullAccessV2
              CloudWatchLogsFullAccess
              CloudWatchLogsReadOnlyAccess
              CloudWatchReadOnlyAccess
              IAMFullAccess
              IAMReadOnlyAccess
              PowerUserAccess
              ReadOnlyAccess
              SecretsManagerReadWrite
              SecurityAudit
              job-function/Billing
              job-function/NetworkAdministrator
              job-function/SystemAdministrator
              job-function/ViewOnlyAccess
              service-role/AWSLambdaBasicExecutionRole
              service-role/AWSLambdaVPCAccessExecutionRole
              service-role/AmazonEBSCSIDriverPolicy
              service-role/AmazonEC2ContainerServiceforEC2Role
              service-role/AmazonEC2RoleforAWSCodeDeploy
              service-role/AmazonEC2RoleforSSM
              service-role/AmazonEFSCSIDriverPolicy
              aws-service-role/AWSServiceRoleForAmazonEKSNodegroup
              aws-service-role/AmazonEKSServiceRolePolicy
              """
                  .split("\n", -1))
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());

  private AwsManagedPolicies() {}

  /** Whether there is such a policy, by what follows {@code policy/} in its ARN. */
  static boolean contains(String resource) {
    return RESOURCES.contains(resource);
  }

  /** Whether it belongs to service-linked roles, so that no other role can have it. */
  static boolean isForServiceLinkedRoles(String resource) {
    return resource.startsWith("aws-service-role/");
  }
}
