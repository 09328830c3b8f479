package io.noderoleguard.iam;

import io.noderoleguard.iam.Answer.Failed;
import io.noderoleguard.iam.Answer.Given;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.Change.CreateRole;
import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.IamResponse;
import software.amazon.awssdk.services.iam.model.Tag;

/** Makes a change with the one call that makes it. */
final class RoleWriter {

  private final IamClient client;

  RoleWriter(IamClient client) {
    this.client = client;
  }

  Optional<IamProblem> apply(Change change, Duration within) {
    return switch (call(change).make(() -> send(change, IamClients.within(client, within)))) {
      case Given<IamResponse> _ -> Optional.empty();
      case Failed<IamResponse>(var problem) -> Optional.of(problem);
    };
  }

  private static IamCall call(Change change) {
    return switch (change) {
      case CreateRole create -> new IamCall("iam:CreateRole", "role " + create.roleName());
      case UpdateTrustPolicy update ->
          new IamCall("iam:UpdateAssumeRolePolicy", "role " + update.roleName());
      case AttachManagedPolicy attach ->
          new IamCall(
              "iam:AttachRolePolicy",
              "role %s and policy %s".formatted(attach.roleName(), attach.policyArn()));
      case CreateInstanceProfile create ->
          new IamCall(
              "iam:CreateInstanceProfile", "instance profile " + create.instanceProfileName());
      case AddRoleToInstanceProfile add ->
          new IamCall(
              "iam:AddRoleToInstanceProfile",
              "role %s and instance profile %s"
                  .formatted(add.roleName(), add.instanceProfileName()));
      case PutPermissionsBoundary put ->
          new IamCall(
              "iam:PutRolePermissionsBoundary",
              "role %s and policy %s".formatted(put.roleName(), put.policyArn()));
      case TagRole tag -> new IamCall("iam:TagRole", "role " + tag.roleName());
    };
  }

  private IamResponse send(Change change, AwsRequestOverrideConfiguration within) {
    return switch (change) {
      case CreateRole(var name, var path, var trustPolicy, var boundary, var tags) ->
          client.createRole(
              create ->
                  create
                      .roleName(name)
                      .path(path)
                      .assumeRolePolicyDocument(trustPolicy)
                      .permissionsBoundary(boundary.orElse(null))
                      .tags(tags(tags))
                      .overrideConfiguration(within));
      case UpdateTrustPolicy(var roleName, var trustPolicy) ->
          client.updateAssumeRolePolicy(
              update ->
                  update
                      .roleName(roleName)
                      .policyDocument(trustPolicy)
                      .overrideConfiguration(within));
      case AttachManagedPolicy(var roleName, var policyArn) ->
          client.attachRolePolicy(
              attach ->
                  attach.roleName(roleName).policyArn(policyArn).overrideConfiguration(within));
      case CreateInstanceProfile(var name, var path) ->
          client.createInstanceProfile(
              create -> create.instanceProfileName(name).path(path).overrideConfiguration(within));
      case AddRoleToInstanceProfile(var roleName, var profileName) ->
          client.addRoleToInstanceProfile(
              add ->
                  add.roleName(roleName)
                      .instanceProfileName(profileName)
                      .overrideConfiguration(within));
      case PutPermissionsBoundary(var roleName, var policyArn) ->
          client.putRolePermissionsBoundary(
              put ->
                  put.roleName(roleName)
                      .permissionsBoundary(policyArn)
                      .overrideConfiguration(within));
      case TagRole(var roleName, var tags) ->
          client.tagRole(
              tag -> tag.roleName(roleName).tags(tags(tags)).overrideConfiguration(within));
    };
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
        .toList();
  }
}
