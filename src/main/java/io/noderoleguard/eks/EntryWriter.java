package io.noderoleguard.eks;

import io.noderoleguard.aws.AwsCall;
import io.noderoleguard.aws.CallScope;
import io.noderoleguard.aws.Result;
import io.noderoleguard.role.AccessEntry;
import io.noderoleguard.role.Change;
import io.noderoleguard.role.Change.AssociateAccessPolicy;
import io.noderoleguard.role.Change.CreateAccessEntry;
import io.noderoleguard.role.Change.DeleteAccessEntry;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.AccessScopeType;
import software.amazon.awssdk.services.eks.model.EksResponse;

/** Makes a change to one access entry with the one call that makes it. */
final class EntryWriter {

  private final EksClient client;
  private final CallScope scope;

  EntryWriter(EksClient client, CallScope scope) {
    this.client = client;
    this.scope = scope;
  }

  Result<Change.OfAccessEntry> apply(Change.OfAccessEntry change) {
    return call(change).map(_ -> change);
  }

  private Result<EksResponse> call(Change.OfAccessEntry change) {
    return switch (change) {
      case DeleteAccessEntry(var entry) ->
          call(
              "eks:DeleteAccessEntry",
              entry,
              within ->
                  client.deleteAccessEntry(
                      delete ->
                          delete
                              .clusterName(entry.cluster().name())
                              .principalArn(entry.principalArn())
                              .overrideConfiguration(within)));
      case CreateAccessEntry(var entry) ->
          call(
              "eks:CreateAccessEntry",
              entry,
              within ->
                  client.createAccessEntry(
                      create ->
                          create
                              .clusterName(entry.cluster().name())
                              .principalArn(entry.principalArn())
                              .type(entry.type())
                              .username(entry.usernameToAsk().orElse(null))
                              .kubernetesGroups(entry.groupsToAsk())
                              .tags(entry.tags())
                              .overrideConfiguration(within)));
      case AssociateAccessPolicy(var entry, var policy) ->
          call(
              "eks:AssociateAccessPolicy",
              entry,
              within ->
                  client.associateAccessPolicy(
                      associate ->
                          associate
                              .clusterName(entry.cluster().name())
                              .principalArn(entry.principalArn())
                              .policyArn(policy.arn())
                              .accessScope(
                                  where ->
                                      where
                                          .type(
                                              policy.namespaces().isEmpty()
                                                  ? AccessScopeType.CLUSTER
                                                  : AccessScopeType.NAMESPACE)
                                          .namespaces(policy.namespaces()))
                              .overrideConfiguration(within)));
    };
  }

  private Result<EksResponse> call(
      String action,
      AccessEntry entry,
      Function<AwsRequestOverrideConfiguration, EksResponse> request) {
    return new AwsCall(
            action,
            "the access entry of %s in cluster %s".formatted(entry.principalArn(), entry.cluster()))
        .make(scope, request);
  }
}
