package io.noderoleguard.local.iam;

import static io.noderoleguard.local.iam.IamContractTest.CNI_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.TRUST_POLICY;
import static io.noderoleguard.local.iam.IamContractTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;

/** What a client sees of each fault; it does not try again, so that it sees every one. */
final class FaultsTest {

  private final EmbeddedIam embedded = EmbeddedIam.start();
  private final IamAccount account = embedded.account();
  private final IamClient iam =
      LocalClients.pointed(IamClient.builder(), embedded.endpoint())
          .httpClient(
              UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMillis(300)).build())
          .overrideConfiguration(
              override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
          .build();

  @BeforeEach
  void addRole() {
    account.createRole("node", TRUST_POLICY);
  }

  @AfterEach
  void stop() {
    iam.close();
    embedded.close();
  }

  private void getRole() {
    iam.getRole(get -> get.roleName("node"));
  }

  private void attach() {
    iam.attachRolePolicy(attach -> attach.roleName("node").policyArn(CNI_POLICY));
  }

  private List<String> attached() {
    return account.role("node").orElseThrow().attachedPolicyArns();
  }

  static List<IamError> errors() {
    return List.of(
        IamError.throttling(),
        IamError.serviceFailure(),
        IamError.serviceUnavailable(),
        IamError.concurrentModification(),
        IamError.limitExceeded("PoliciesPerRole", 10),
        IamError.unmodifiableEntity("node"),
        IamError.malformedPolicyDocument("Syntax errors in policy."),
        IamError.noSuchRole("node"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aRefusedCallEndsInTheErrorAndChangesNothing(IamError error) {
    embedded.faults().always("AttachRolePolicy", Fault.refused(error));

    assertRefused(this::attach, error.status(), error.code(), error.message());
    assertThat(attached()).isEmpty();
  }

  @Test
  void aDeniedCallIsReportedInAwssWords() {
    embedded.faults().always("AttachRolePolicy", new Fault.Denied());

    assertRefused(
        this::attach,
        403,
        "AccessDenied",
        "User: arn:aws:sts::123456789012:assumed-role/guard/run is not authorized to perform:"
            + " iam:AttachRolePolicy on resource: role node because no identity-based policy"
            + " allows the iam:AttachRolePolicy action");
    assertThat(attached()).isEmpty();
  }

  @Test
  void theNthCallOfTheActionGoesWrongAndNoOther() {
    embedded.faults().at(2, "GetRole", Fault.refused(IamError.serviceFailure()));

    getRole();
    iam.listRoles();
    assertRefused(this::getRole, 500, "ServiceFailure", text -> assertThat(text).isNotEmpty());
    getRole();
  }

  @Test
  void theFirstCallsGoWrongAndThenAllIsWell() {
    embedded.faults().first(2, "GetRole", Fault.refused(IamError.throttling()));

    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");
    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");
    getRole();
  }

  @Test
  void aLastingFaultEndsWhenItIsCleared() {
    embedded.faults().always(Faults.ANY_ACTION, Fault.refused(IamError.throttling()));
    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");
    assertRefused(this::attach, 400, "Throttling", "Rate exceeded");

    embedded.faults().clear();

    getRole();
  }

  @Test
  void aResetConnectionIsSeenAsOne() {
    embedded.faults().at(1, "GetRole", new Fault.ConnectionReset());

    assertThatThrownBy(this::getRole)
        .isInstanceOf(SdkClientException.class)
        .hasRootCauseInstanceOf(SocketException.class)
        .rootCause()
        .hasMessage("Connection reset");
    getRole();
  }

  /** The JDK's URL connection would send a POST again by itself, were its length not known. */
  @Test
  void aResetOfAConnectionInUseIsNotHiddenByTheHttpClient() {
    getRole();
    embedded.faults().at(1, "GetRole", new Fault.ConnectionReset());

    assertThatThrownBy(this::getRole).isInstanceOf(SdkClientException.class);
    assertThat(embedded.calls()).hasSize(2);
  }

  @Test
  void aCallThatIsNeverAnsweredTimesOutAtTheClient() {
    embedded.faults().at(1, "AttachRolePolicy", new Fault.NoAnswer());

    assertThatThrownBy(this::attach)
        .isInstanceOf(SdkClientException.class)
        .hasRootCauseInstanceOf(SocketTimeoutException.class);
    assertThat(attached()).isEmpty();
  }

  @Test
  void aSlowCallIsCarriedOutLater() {
    embedded.faults().at(1, "AttachRolePolicy", Fault.slow(Duration.ofMillis(100)));
    long start = System.nanoTime();

    attach();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(100));
    assertThat(attached()).containsExactly(CNI_POLICY);
  }

  @Test
  void truncatedXmlCannotBeRead() {
    embedded.faults().at(1, "GetRole", new Fault.TruncatedXml());

    assertThatThrownBy(this::getRole)
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("Could not parse XML");
  }

  @Test
  void anHtmlPageIsReadAsSuccessWithNothingInIt() {
    embedded.faults().at(1, "GetRole", new Fault.HtmlPage());

    assertThat(iam.getRole(get -> get.roleName("node")).role()).isNull();
  }

  @Test
  void anEmptyAnswerHoldsNoRole() {
    embedded.faults().at(1, "GetRole", new Fault.EmptyAnswer());

    assertThat(iam.getRole(get -> get.roleName("node")).role()).isNull();
  }

  @Test
  void anAnswerMayBeLostAfterTheWrite() {
    embedded.faults().at(1, "AttachRolePolicy", Fault.answerLost());

    assertThatThrownBy(this::attach).isInstanceOf(SdkClientException.class);
    assertThat(attached()).containsExactly(CNI_POLICY);
  }

  @Test
  void anErrorMayFollowTheWrite() {
    embedded
        .faults()
        .at(
            1,
            "AttachRolePolicy",
            new Fault.AfterwardsInstead(Fault.refused(IamError.serviceUnavailable())));

    assertRefused(this::attach, 503, "ServiceUnavailable", "Service Unavailable");
    assertThat(attached()).containsExactly(CNI_POLICY);
  }

  @Test
  void someoneElseMayDeleteTheRoleJustBefore() {
    AtomicReference<String> seen = new AtomicReference<>("");
    embedded
        .faults()
        .at(
            1,
            "AttachRolePolicy",
            Fault.meanwhile(
                () -> {
                  seen.set(account.role("node").orElseThrow().name());
                  account.deleteRoleAndWhatItHas("node");
                }));

    assertThatThrownBy(this::attach).isInstanceOf(NoSuchEntityException.class);
    assertThat(seen).hasValue("node");
  }

  @Test
  void someoneElseMayMakeTheRoleJustBefore() {
    embedded
        .faults()
        .at(1, "CreateRole", Fault.meanwhile(() -> account.createRole("new", TRUST_POLICY)));

    assertRefused(
        () -> iam.createRole(role -> role.roleName("new").assumeRolePolicyDocument(TRUST_POLICY)),
        409,
        "EntityAlreadyExists",
        "Role with name new already exists.");
  }

  @Test
  void aSlowCallMayAlsoBeRefused() {
    embedded
        .faults()
        .at(1, "GetRole", Fault.slow(Duration.ofMillis(50)))
        .at(1, "GetRole", Fault.refused(IamError.throttling()));
    long start = System.nanoTime();

    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(50));
  }

  @Test
  void aCallThatGoesWrongIsRecordedAllTheSame() {
    embedded.faults().at(1, "AttachRolePolicy", Fault.refused(IamError.throttling()));
    assertRefused(this::attach, 400, "Throttling", "Rate exceeded");

    assertThat(embedded.writes()).extracting(Call::action).containsExactly("AttachRolePolicy");
  }

  @Test
  void callsBeyondARateAreRefusedAndOthersAreNot() {
    embedded.faults().atMostOfEachAction(3);
    for (int i = 0; i < 3; i++) {
      getRole();
    }
    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");
    attach();

    embedded.faults().clear();
    embedded.faults().atMost(2);
    getRole();
    attach();
    assertRefused(this::getRole, 400, "Throttling", "Rate exceeded");
  }
}
