package io.noderoleguard.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.role.Change.AddRoleToInstanceProfile;
import io.noderoleguard.role.Change.AttachManagedPolicy;
import io.noderoleguard.role.Change.CreateInstanceProfile;
import io.noderoleguard.role.Change.PutPermissionsBoundary;
import io.noderoleguard.role.Change.TagRole;
import io.noderoleguard.role.Change.UpdateTrustPolicy;
import io.noderoleguard.role.Policies.ManagedPolicyNotAttached;
import io.noderoleguard.role.Profiles.InstanceProfileEmpty;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names that IAM, and so CloudTrail, has for what is done to a role. */
final class ActionsTest {

  @Test
  void aChangeKnowsTheActionThatMakesIt() {
    assertThat(
            List.of(
                new UpdateTrustPolicy("{}"),
                new AttachManagedPolicy("arn"),
                new CreateInstanceProfile("p", "/"),
                new AddRoleToInstanceProfile("p"),
                new PutPermissionsBoundary("arn"),
                new TagRole(Map.of())))
        .extracting(Change::action)
        .containsExactly(
            "UpdateAssumeRolePolicy",
            "AttachRolePolicy",
            "CreateInstanceProfile",
            "AddRoleToInstanceProfile",
            "PutRolePermissionsBoundary",
            "TagRole");
  }

  @Test
  void aMissingPolicyCanBeAnyOfItsAlternatives() {
    Finding missing = new ManagedPolicyNotAttached("a", List.of("b"));

    assertThat(missing.concerns("a")).isTrue();
    assertThat(missing.concerns("b")).isTrue();
    assertThat(missing.concerns("c")).isFalse();
    assertThat(new InstanceProfileEmpty("p", List.of()).concerns("c")).isTrue();
  }
}
