package io.noderoleguard.iam;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.Change.CreateRole;
import io.noderoleguard.role.Change.DeleteInlinePolicy;
import io.noderoleguard.role.Change.DetachManagedPolicy;
import io.noderoleguard.role.Change.OfAccessEntry;
import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.IamResponse;
import software.amazon.awssdk.services.iam.model.Tag;

/** Makes a change to one role with the one call that makes it. */
final class RoleWriter {

  private final IamClient client;
  private final String roleName;
  private final CallScope scope;

  RoleWriter(IamClient client, String roleName, CallScope scope) {
    this.client = client;
    this.roleName = roleName;
    this.scope = scope;
  }

  Result<Change> apply(Change change) {
    return call(change).map(_ -> change);
  }

  private Result<IamResponse> call(Change change) {
    return switch (change) {
      case CreateRole(var path, var trustPolicy, var boundary, var tags) ->
          call(
              "iam:CreateRole",
              "role " + roleName,
              within ->
                  client.createRole(
                      create ->
                          create
                              .roleName(roleName)
                              .path(path)
                              .assumeRolePolicyDocument(trustPolicy)
                              .permissionsBoundary(boundary.orElse(null))
                              .tags(tags(tags))
                              .overrideConfiguration(within)));
      case UpdateTrustPolicy(var trustPolicy) ->
          call(
              "iam:UpdateAssumeRolePolicy",
              "role " + roleName,
              within ->
                  client.updateAssumeRolePolicy(
                      update ->
                          update
                              .roleName(roleName)
                              .policyDocument(trustPolicy)
                              .overrideConfiguration(within)));
      case AttachManagedPolicy(var policyArn) ->
          call(
              "iam:AttachRolePolicy",
              "role %s and policy %s".formatted(roleName, policyArn),
              within ->
                  client.attachRolePolicy(
                      attach ->
                          attach
                              .roleName(roleName)
                              .policyArn(policyArn)
                              .overrideConfiguration(within)));
      case DetachManagedPolicy(var policyArn) ->
          call(
              "iam:DetachRolePolicy",
              "role %s and policy %s".formatted(roleName, policyArn),
              within ->
                  client.detachRolePolicy(
                      detach ->
                          detach
                              .roleName(roleName)
                              .policyArn(policyArn)
                              .overrideConfiguration(within)));
      case DeleteInlinePolicy(var policyName) ->
          call(
              "iam:DeleteRolePolicy",
              "role %s and policy %s".formatted(roleName, policyName),
              within ->
                  client.deleteRolePolicy(
                      delete ->
                          delete
                              .roleName(roleName)
                              .policyName(policyName)
                              .overrideConfiguration(within)));
      case CreateInstanceProfile(var profileName, var path) ->
          call(
              "iam:CreateInstanceProfile",
              "instance profile " + profileName,
              within ->
                  client.createInstanceProfile(
                      create ->
                          create
                              .instanceProfileName(profileName)
                              .path(path)
                              .overrideConfiguration(within)));
      case AddRoleToInstanceProfile(var profileName) ->
          call(
              "iam:AddRoleToInstanceProfile",
              "role %s and instance profile %s".formatted(roleName, profileName),
              within ->
                  client.addRoleToInstanceProfile(
                      add ->
                          add.roleName(roleName)
                              .instanceProfileName(profileName)
                              .overrideConfiguration(within)));
      case PutPermissionsBoundary(var policyArn) ->
          call(
              "iam:PutRolePermissionsBoundary",
              "role %s and policy %s".formatted(roleName, policyArn),
              within ->
                  client.putRolePermissionsBoundary(
                      put ->
                          put.roleName(roleName)
                              .permissionsBoundary(policyArn)
                              .overrideConfiguration(within)));
      case TagRole(var tags) ->
          call(
              "iam:TagRole",
              "role " + roleName,
              within ->
                  client.tagRole(
                      tag ->
                          tag.roleName(roleName).tags(tags(tags)).overrideConfiguration(within)));
      case OfAccessEntry other ->
          throw new IllegalArgumentException(other.type() + " is a change in EKS, not in IAM");
    };
  }

  private Result<IamResponse> call(
      String action,
      String subject,
      Function<AwsRequestOverrideConfiguration, IamResponse> request) {
    return new AwsCall(action, subject).make(scope, request);
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
