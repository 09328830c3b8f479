package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.noderoleguard.aws.CallLimits;
import io.noderoleguard.aws.Pace;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.IamError;
import io.noderoleguard.local.iam.RightRole;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The function's own pace, and an IAM that asks for fewer calls. */
@Execution(ExecutionMode.CONCURRENT)
final class ThrottledRunTest {

  private static final Duration FUNCTIONS_TIME = Duration.ofMinutes(2);

  private final GuardRig rig =
      new GuardRig("aws", Patience.DEFAULT, CallLimits.DEFAULT, Pace.Limits.DEFAULT);

  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private String[] drifted(int count) {
    String[] names =
        IntStream.range(0, count).mapToObj("Role%02d"::formatted).toArray(String[]::new);
    for (String name : names) {
      RightRole.addTo(account, name);
      account.detachRolePolicy(name, account.awsPolicyArn("AmazonEKS_CNI_Policy"));
    }
    return names;
  }

  private Report repair(String... names) {
    return rig.runAll(Requirements.DEFAULT, Mode.REPAIR, FUNCTIONS_TIME, names);
  }

  private void checkPace() {
    assertThat(rig.iam.mostCallsWithin(Duration.ofSeconds(1)))
        .allSatisfy((_, most) -> assertThat(most).isLessThanOrEqualTo(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"each action", "all"})
  void fortyDriftedRolesAreRepairedWhereIamTakesFewCalls(String bucket) {
    drifted(40);
    if (bucket.equals("all")) {
      rig.iam.faults().atMost(10);
    } else {
      rig.iam.faults().atMostOfEachAction(3);
    }

    assertThat(repair("Role*").counts()).containsOnly(entry(Status.REPAIRED, 40));

    checkPace();
  }

  @Test
  void manyRolesByNameKeepThePace() {
    assertThat(repair(drifted(30)).counts()).containsOnlyKeys(Status.REPAIRED);

    checkPace();
  }

  @Test
  void anActionThatIsThrottledUntilTheTimeIsUpSaysSo() {
    rig.withRightRole();
    rig.iam.faults().always("ListAttachedRolePolicies", Fault.refused(IamError.throttling()));

    RoleReport report =
        rig.run(Target.named(NAME), Requirements.DEFAULT, Mode.REPAIR, Duration.ofSeconds(4));

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation())
        .contains(
            "iam:ListAttachedRolePolicies for role NodeInstanceRole failed: AWS asked for fewer"
                + " calls until the time was up (Throttling: Rate exceeded)");
  }

  @Test
  void whatMayHaveSucceededBeforeACallWasThrottledIsLookedFor() {
    rig.iam.faults().at(1, "CreateRole", Fault.answerLost());
    rig.iam.faults().at(2, "CreateRole", Fault.refused(IamError.throttling()));

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.REPAIRED);
    assertThat(report.changes())
        .extracting(result -> result.change().type())
        .contains("CreateRole");
  }
}
