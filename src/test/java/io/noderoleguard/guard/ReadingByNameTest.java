package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;
import static io.noderoleguard.guard.GuardRig.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers to the calls that read a role by its name: all pages, and none that is unusable. */
final class ReadingByNameTest {

  private final GuardRig rig = new GuardRig();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({
    // action, the markers that its pages give in turn
    "ListAttachedRolePolicies, AAAA",
    "ListAttachedRolePolicies, AAAA AAAB",
    "ListInstanceProfilesForRole, AAAA",
    "ListInstanceProfilesForRole, AAAA AAAB"
  })
  void aListWhoseMarkersLeadInACircleIsAnErrorThatSaysSo(String action, String markers) {
    rig.withRightRole();
    List<String> circle = List.of(markers.split(" "));
    rig.iam.faults().always(action, new Fault.Rewritten(GuardRig.endlessPages(circle)));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation())
        .contains("iam:" + action, "role " + NAME, "a Marker came a second time");
    assertThat(rig.calls().stream().filter(action::equals)).hasSize(circle.size() + 1);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void allPagesOfAListAreRead() {
    rig.withRightRole();
    for (int i = 0; i < 120; i++) {
      account.createInstanceProfile("Profile" + i);
      account.addRoleToInstanceProfile("Profile" + i, NAME);
    }

    RoleReport report = rig.repair();

    assertThat(report.role().orElseThrow().instanceProfiles()).hasSize(121);
    assertThat(rig.calls().stream().filter("ListInstanceProfilesForRole"::equals)).hasSize(2);
  }

  static Stream<Arguments> unusableAnswers() {
    String other =
        "<TagRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ResponseMetadata>"
            + "<RequestId>1</RequestId></ResponseMetadata></TagRoleResponse>";
    UnaryOperator<String> another = _ -> other;
    UnaryOperator<String> truncated =
        body -> body.replace("<IsTruncated>false", "<IsTruncated>true");
    UnaryOperator<String> badlyEncoded =
        body ->
            body.replaceAll("<AssumeRolePolicyDocument>%7B", "<AssumeRolePolicyDocument>%7B%zz");
    UnaryOperator<String> badDate =
        body -> body.replaceAll("<CreateDate>[^<]*", "<CreateDate>yesterday");
    return Stream.of(
        // action, what becomes of the answer, what is told
        Arguments.of("GetRole", another, "no element Role"),
        Arguments.of("GetRole", without("Role"), "no element Role"),
        Arguments.of("GetRole", without("Arn"), "no element Arn"),
        Arguments.of(
            "GetRole", without("AssumeRolePolicyDocument"), "no element AssumeRolePolicyDocument"),
        Arguments.of("GetRole", badlyEncoded, "a policy is not URL-encoded"),
        Arguments.of("GetRole", badDate, "iam:GetRole for role NodeInstanceRole failed"),
        Arguments.of("ListAttachedRolePolicies", another, "no element AttachedPolicies"),
        Arguments.of("ListAttachedRolePolicies", without("PolicyArn"), "no element PolicyArn"),
        Arguments.of("ListAttachedRolePolicies", truncated, "no element Marker"),
        Arguments.of("ListInstanceProfilesForRole", another, "no element InstanceProfiles"),
        Arguments.of(
            "ListInstanceProfilesForRole",
            without("InstanceProfileName"),
            "no element InstanceProfileName"),
        Arguments.of("ListInstanceProfilesForRole", without("Roles"), "no element Roles"));
  }

  @ParameterizedTest
  @MethodSource("unusableAnswers")
  void anAnswerWithoutWhatItShouldHaveIsAnErrorThatSaysSo(
      String action, UnaryOperator<String> change, String told) {
    rig.withRightRole();
    rig.iam.faults().always(action, new Fault.Rewritten(change));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains("iam:" + action, NAME, told);
    assertThat(rig.writes()).isEmpty();
  }
}
