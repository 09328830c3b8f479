package io.noderoleguard.local.iam;

import static io.noderoleguard.local.iam.IamContractTest.CNI_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.TRUST_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.WORKER_NODE_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

final class StaleReadsTest {

  private final EmbeddedIam embedded = EmbeddedIam.start();
  private final IamClient iam = client(embedded.endpoint());

  @AfterEach
  void stop() {
    iam.close();
    embedded.close();
  }

  private void createRole() {
    iam.createRole(role -> role.roleName("node").assumeRolePolicyDocument(TRUST_POLICY));
  }

  private void attach(String policyArn) {
    iam.attachRolePolicy(attach -> attach.roleName("node").policyArn(policyArn));
  }

  private List<String> readAttached() {
    return iam.listAttachedRolePolicies(list -> list.roleName("node")).attachedPolicies().stream()
        .map(AttachedPolicy::policyArn)
        .toList();
  }

  @Test
  void aNewRoleIsNotFoundForSomeReads() {
    embedded.staleReads(2);
    createRole();

    assertThatThrownBy(this::readAttached).isInstanceOf(NoSuchEntityException.class);
    assertThatThrownBy(this::readAttached).isInstanceOf(NoSuchEntityException.class);
    assertThat(readAttached()).isEmpty();
  }

  @Test
  void aWriteSeesThePresentWhereAReadDoesNot() {
    embedded.staleReads(1);
    createRole();

    attach(CNI_POLICY);

    assertThat(embedded.account().role("node").orElseThrow().attachedPolicyArns())
        .containsExactly(CNI_POLICY);
    assertThatThrownBy(this::readAttached).isInstanceOf(NoSuchEntityException.class);
  }

  @Test
  void writesBecomeVisibleInTheirOrder() {
    embedded.account().createRole("node", TRUST_POLICY);
    embedded.staleReads(2);

    attach(CNI_POLICY);
    assertThat(readAttached()).isEmpty();
    attach(WORKER_NODE_POLICY);
    assertThat(readAttached()).isEmpty();
    assertThat(readAttached()).containsExactly(CNI_POLICY);
    assertThat(readAttached()).containsExactlyInAnyOrder(CNI_POLICY, WORKER_NODE_POLICY);
  }

  @Test
  void readsAreFreshAgainWhenAsked() {
    embedded.staleReads(Duration.ofDays(1));
    createRole();
    assertThatThrownBy(this::readAttached).isInstanceOf(NoSuchEntityException.class);

    embedded.freshReads();

    assertThat(readAttached()).isEmpty();
  }

  @Test
  void aWriteBecomesVisibleWhenItsTimeIsOver() {
    AtomicLong clock = new AtomicLong();
    StaleReads staleReads = new StaleReads(clock::get);
    IamAccount account = new IamAccount("aws", "123456789012");
    staleReads.lasting(Duration.ofSeconds(5));

    staleReads.beforeWrite(account);
    account.createRole("node", TRUST_POLICY);
    clock.set(Duration.ofSeconds(5).toNanos() - 1);
    assertThat(staleReads.seenByRead())
        .hasValueSatisfying(seen -> assertThat(seen.roles()).isEmpty());
    clock.set(Duration.ofSeconds(5).toNanos());
    assertThat(staleReads.seenByRead()).isEmpty();
  }
}
