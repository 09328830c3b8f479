package io.noderoleguard.iam;

import io.noderoleguard.iam.Answer.Failed;
import io.noderoleguard.iam.Answer.Given;
import io.noderoleguard.iam.IamProblem.Kind;
import io.noderoleguard.iam.Reading.Complete;
import io.noderoleguard.iam.Reading.Incomplete;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.RoleState;
import io.noderoleguard.role.RoleState.Absent;
import io.noderoleguard.role.RoleState.Present;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;

/** Reads a role with the calls that take one role's name. */
final class RoleReader {

  private final IamClient client;

  RoleReader(IamClient client) {
    this.client = client;
  }

  Reading read(String roleName, Duration within) {
    // A thread per call, which costs next to nothing and whose blocked socket can be interrupted.
    try (var sideBySide = Executors.newVirtualThreadPerTaskExecutor()) {
      var profiles = sideBySide.submit(() -> profiles(roleName, within));
      var policies = sideBySide.submit(() -> policies(roleName, within));
      var role = sideBySide.submit(() -> role(roleName, within));
      Answer<RoleState> state =
          switch (await(role)) {
            case Given<Role>(var found) ->
                await(policies)
                    .then(
                        attached ->
                            await(profiles)
                                .then(holding -> present(found, attached, holding, within)));
            case Failed<Role>(var problem) when problem.kind() == Kind.NOT_FOUND ->
                namesake(roleName, within).then(namesake -> new Given<>(new Absent(namesake)));
            case Failed<Role>(var problem) -> new Failed<>(problem);
          };
      // Nobody waits for a call that is still under way.
      sideBySide.shutdownNow();
      return switch (state) {
        case Given<RoleState>(var read) -> new Complete(read);
        case Failed<RoleState>(var problem) -> new Incomplete(problem);
      };
    }
  }

  private static <T> Answer<T> await(Future<Answer<T>> call) {
    try {
      return call.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      // Who interrupts has no more use for the role; leaving ends the other calls too.
      throw new CancellationException("the reading was interrupted");
    } catch (ExecutionException unexpected) {
      throw new CompletionException(unexpected.getCause());
    }
  }

  private Answer<RoleState> present(
      Role role, Set<String> attached, List<InstanceProfile> holding, Duration within) {
    Answer<Optional<InstanceProfile>> namesake =
        holding.isEmpty() ? namesake(role.roleName(), within) : new Given<>(Optional.empty());
    return namesake.then(
        profile ->
            trustPolicy(getRole(role.roleName()), role.assumeRolePolicyDocument())
                .then(
                    trustPolicy ->
                        new Given<>(
                            new Present(
                                role.roleName(),
                                role.path(),
                                role.arn(),
                                role.roleId(),
                                trustPolicy,
                                attached,
                                holding,
                                profile,
                                boundary(role.permissionsBoundary()),
                                tags(role.tags())))));
  }

  private static IamCall getRole(String roleName) {
    return new IamCall("iam:GetRole", "role " + roleName);
  }

  private Answer<Role> role(String roleName, Duration within) {
    return getRole(roleName)
        .make(
            () ->
                client
                    .getRole(
                        get ->
                            get.roleName(roleName)
                                .overrideConfiguration(IamClients.within(client, within)))
                    .role());
  }

  private Answer<Set<String>> policies(String roleName, Duration within) {
    return new IamCall("iam:ListAttachedRolePolicies", "role " + roleName)
        .list(
            marker ->
                client.listAttachedRolePolicies(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(IamClients.within(client, within))),
            page -> IamCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.attachedPolicies().stream().map(AttachedPolicy::policyArn).toList())
        .then(arns -> new Given<>(Set.copyOf(arns)));
  }

  private Answer<List<InstanceProfile>> profiles(String roleName, Duration within) {
    return new IamCall("iam:ListInstanceProfilesForRole", "role " + roleName)
        .list(
            marker ->
                client.listInstanceProfilesForRole(
                    list ->
                        list.roleName(roleName)
                            .marker(marker.orElse(null))
                            .overrideConfiguration(IamClients.within(client, within))),
            page -> IamCall.nextMarker(page.isTruncated(), page.marker()),
            page -> page.instanceProfiles().stream().map(RoleReader::profile).toList());
  }

  /** The instance profile of the role's name, if there is one. */
  private Answer<Optional<InstanceProfile>> namesake(String roleName, Duration within) {
    IamCall call = new IamCall("iam:GetInstanceProfile", "instance profile " + roleName);
    var answer =
        call.make(
            () ->
                client.getInstanceProfile(
                    get ->
                        get.instanceProfileName(roleName)
                            .overrideConfiguration(IamClients.within(client, within))));
    if (answer instanceof Failed<?>(var problem) && problem.kind() == Kind.NOT_FOUND) {
      return new Given<>(Optional.empty());
    }
    return answer.then(given -> new Given<>(Optional.of(profile(given.instanceProfile()))));
  }

  static InstanceProfile profile(
      software.amazon.awssdk.services.iam.model.InstanceProfile profile) {
    return new InstanceProfile(
        profile.instanceProfileName(),
        profile.arn(),
        profile.roles().stream().map(Role::roleName).toList());
  }

  static Answer<String> trustPolicy(IamCall call, String urlEncoded) {
    try {
      return new Given<>(URLDecoder.decode(urlEncoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return call.unusable("the trust policy is not URL-encoded");
    }
  }

  static Optional<String> boundary(@Nullable AttachedPermissionsBoundary boundary) {
    return Optional.ofNullable(boundary).map(AttachedPermissionsBoundary::permissionsBoundaryArn);
  }

  static Map<String, String> tags(List<Tag> tags) {
    return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
  }
}
