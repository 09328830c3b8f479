package io.noderoleguard.iam;

import io.noderoleguard.iam.Answer.Failed;
import io.noderoleguard.iam.Answer.Given;
import io.noderoleguard.role.RoleState.Present;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.EntityType;
import software.amazon.awssdk.services.iam.model.GetAccountAuthorizationDetailsResponse;
import software.amazon.awssdk.services.iam.model.RoleDetail;

/**
 * Reads all roles of the account with {@code GetAccountAuthorizationDetails}, whose answer holds of
 * each role what takes three calls otherwise. A page is handed on and forgotten.
 */
final class AccountReader {

  /** IAM gives up to 1,000 roles a page, but a page is in memory whole: as text, and as objects. */
  private static final int ROLES_A_PAGE = 200;

  private static final IamCall CALL =
      new IamCall("iam:GetAccountAuthorizationDetails", "the account's roles");

  private final IamClient client;

  AccountReader(IamClient client) {
    this.client = client;
  }

  Optional<IamProblem> forEachRole(Supplier<Duration> left, Consumer<Present> consumer) {
    return CALL.forEachPage(
        marker ->
            client.getAccountAuthorizationDetails(
                get ->
                    get.filter(EntityType.ROLE)
                        .maxItems(ROLES_A_PAGE)
                        .marker(marker.orElse(null))
                        .overrideConfiguration(IamClients.within(client, left.get()))),
        page -> IamCall.nextMarker(page.isTruncated(), page.marker()),
        page -> handOn(page, consumer));
  }

  private static Optional<IamProblem> handOn(
      GetAccountAuthorizationDetailsResponse page, Consumer<Present> consumer) {
    for (RoleDetail role : page.roleDetailList()) {
      switch (RoleReader.trustPolicy(CALL, role.assumeRolePolicyDocument())) {
        case Given<String>(var trustPolicy) -> consumer.accept(present(role, trustPolicy));
        case Failed<String>(var problem) -> {
          return Optional.of(problem);
        }
      }
    }
    return Optional.empty();
  }

  private static Present present(RoleDetail role, String trustPolicy) {
    return new Present(
        role.roleName(),
        role.path(),
        role.arn(),
        role.roleId(),
        trustPolicy,
        role.attachedManagedPolicies().stream()
            .map(AttachedPolicy::policyArn)
            .collect(Collectors.toSet()),
        role.instanceProfileList().stream().map(RoleReader::profile).toList(),
        // Of a role that no profile holds, this answer cannot tell more.
        Optional.empty(),
        RoleReader.boundary(role.permissionsBoundary()),
        RoleReader.tags(role.tags()));
  }
}
