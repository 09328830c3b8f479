package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Decision.Verdict;
import io.noderoleguard.role.EffectUse;
import io.noderoleguard.role.ExtraPolicyUse;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Permissions;
import io.noderoleguard.role.Permissions.PermissionExcessive;
import io.noderoleguard.role.Permissions.PermissionMissing;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.role.Target;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Roles by what their policies add up to, as IAM simulates it. */
final class EffectTest {

  private static final List<String> PULLS =
      List.of("ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer");

  private final GuardRig rig = new GuardRig().withRightRole();
  private final IamAccount account = rig.iam.account();

  @AfterEach
  void close() {
    rig.close();
  }

  private static Requirements requiring(EffectUse effect, String... policies) {
    return new Requirements(
        Optional.empty(),
        List.of(policies),
        Optional.empty(),
        InstanceProfileUse.ENSURE,
        Optional.empty(),
        Map.of(),
        ExtraPolicyUse.IGNORE,
        List.of(),
        effect);
  }

  private void attach(String awsPolicy) {
    account.attachRolePolicy(NAME, account.awsPolicyArn(awsPolicy));
  }

  private void inline(String name, String statement) {
    account.putRolePolicy(NAME, name, document(statement));
  }

  private void bound(String statement) {
    String arn = account.createPolicy("tight", document(statement)).arn();
    account.putRolePermissionsBoundary(NAME, arn);
  }

  private static String document(String statement) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":%s}".formatted(statement.replace('\'', '"'));
  }

  private static PermissionMissing onlyMissing(RoleReport report) {
    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.DRIFTED);
    assertThat(report.changes()).isEmpty();
    return report.findings().stream()
        .map(PermissionMissing.class::cast)
        .reduce(
            (one, other) -> {
              throw new AssertionError(one + " and " + other);
            })
        .orElseThrow();
  }

  private void assertRight(RoleReport report) {
    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.COMPLIANT);
    assertThat(whyNotVerified(report)).isEmpty();
    assertThat(rig.writes()).isEmpty();
  }

  private static Optional<String> whyNotVerified(RoleReport report) {
    return Permissions.whyNotVerified(report.role().orElseThrow().effect());
  }

  /** As people reported them: what is attached, or a boundary that is too narrow for nodes. */
  @ParameterizedTest
  @CsvSource({
    "extra-admin, Pods on these nodes can attach any policy to any role, (AdministratorAccess)",
    "deny-all-attached, Nodes need ec2:AssignPrivateIpAddresses, an explicit deny is in the way",
    "boundary-unasked, Nodes need ec2:AssignPrivateIpAddresses, the permissions boundary is in"
  })
  void whatPeopleReportedIsDriftThatIsLeftAlone(String input, String what, String why)
      throws Exception {
    JsonNode found;
    try (InputStream file = EffectTest.class.getResourceAsStream("/cases/" + input + ".json")) {
      found = new ObjectMapper().readTree(file);
    }
    found.path("attached").forEach(arn -> account.attachRolePolicy(NAME, arn.asText()));
    if (found.has("PermissionsBoundary")) {
      bound("{'Effect':'Allow','Action':'s3:*','Resource':'*'}");
      assertThat(account.getRole(NAME).permissionsBoundary())
          .contains(found.path("PermissionsBoundary").asText());
    }

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.explanation()).contains(what, why);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void administratorsOnNodesAreDriftThatSaysWhatEveryPodCouldDo() {
    attach("AdministratorAccess");

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(rig.writes()).isEmpty();
    assertThat(report.findings()).singleElement().isInstanceOf(PermissionExcessive.class);
    assertThat(report.explanation())
        .startsWith("Pods on these nodes can attach any policy to any role,")
        .contains("let anyone assume any role", "create access keys of any user")
        .endsWith("(AdministratorAccess).");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'iam:*'                     | attach any policy to any role
          'iam:Create*'               | create access keys of any user
          'IAM:putrolepolicy'         | can write policies into any role (Extra).
          'iam:CreatePolicyVersion'   | can rewrite any customer managed policy (Extra).
          """)
  void aPolicyThatGivesPartOfThatIsToo(String action, String said) {
    inline("Extra", "{'Effect':'Allow','Action':'%s','Resource':'*'}".formatted(action));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.explanation()).contains(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReadOnlyAccess", "PowerUserAccess", "IAMReadOnlyAccess"})
  void otherWidePoliciesAreNot(String policy) {
    attach(policy);

    assertRight(rig.repair());
  }

  @Test
  void whatNotActionLeavesIsTakenIntoAccount() {
    inline("Extra", "{'Effect':'Allow','NotAction':['iam:*','sts:*'],'Resource':'*'}");
    assertRight(rig.repair());

    inline("Extra", "{'Effect':'Allow','NotAction':['ec2:*','iam:Attach*'],'Resource':'*'}");
    PermissionExcessive finding = (PermissionExcessive) rig.repair().findings().getFirst();
    assertThat(finding.allowed())
        .contains("iam:PutRolePolicy")
        .doesNotContain("iam:AttachRolePolicy");

    inline("Deny", "{'Effect':'Deny','NotAction':['ec2:*','eks:*'],'Resource':'*'}");
    assertThat(onlyMissing(rig.repair()).denied()).isEqualTo(PULLS);
  }

  @Test
  void anExplicitDenyNamesTheActionsThatNodesCannotDoAndThePolicy() {
    attach("AWSDenyAll");

    PermissionMissing finding = onlyMissing(rig.repair());

    assertThat(finding.verdict()).isEqualTo(Verdict.EXPLICIT_DENY);
    assertThat(finding.denied())
        .contains("ec2:DescribeInstances", "ec2:AssignPrivateIpAddresses")
        .containsAll(PULLS);
    assertThat(finding.message())
        .contains("ecr:BatchGetImage", "an explicit deny is in the way (AWSDenyAll)");
    assertThat(finding.details()).containsEntry("decidedBy", "ExplicitDeny");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void aDenyOfAFewActionsNamesThoseAlone() {
    inline(
        "NoPulls",
        "{'Effect':'Deny','Action':['ecr:BatchGetImage','ecr:PutImage'],'Resource':'*'}");

    PermissionMissing finding = onlyMissing(rig.repair());

    assertThat(finding.denied()).containsExactly("ecr:BatchGetImage");
    assertThat(finding.message()).contains("NoPulls");
  }

  @Test
  void sessionsThatWereRevokedDoNotConcernNewOnes() {
    inline(
        "AWSRevokeOlderSessions",
        "{'Effect':'Deny','Action':'*','Resource':'*',"
            + "'Condition':{'DateLessThan':{'aws:TokenIssueTime':'2026-01-01T00:00:00Z'}}}");

    assertRight(rig.repair());
  }

  @Test
  void sessionsThatAreRevokedInFutureAreDrift() {
    inline(
        "AWSRevokeOlderSessions",
        "{'Effect':'Deny','Action':'*','Resource':'*',"
            + "'Condition':{'DateLessThan':{'aws:TokenIssueTime':'2999-01-01T00:00:00Z'}}}");

    assertThat(onlyMissing(rig.repair()).verdict()).isEqualTo(Verdict.EXPLICIT_DENY);
  }

  @Test
  void aBoundaryThatIsTooNarrowIsNamedAsWhatIsInTheWay() {
    bound("{'Effect':'Allow','Action':['ec2:*','s3:*'],'Resource':'*'}");

    PermissionMissing finding = onlyMissing(rig.repair());

    assertThat(finding.verdict()).isEqualTo(Verdict.BOUNDARY);
    assertThat(finding.denied()).isEqualTo(PULLS);
    assertThat(finding.message()).contains("the permissions boundary is in the way");
  }

  @Test
  void aBoundaryThatAllowsJustWhatIsNeededIsRight() {
    bound(
        "{'Effect':'Allow','Action':['ec2:Describe*','ec2:*NetworkInterface*',"
            + "'ec2:AssignPrivateIpAddresses','ec2:UnassignPrivateIpAddresses','ecr:Get*',"
            + "'ecr:Batch*'],'Resource':'*'}");

    assertRight(rig.repair());
  }

  @Test
  void aBoundaryTakesExcessivePermissionsAway() {
    attach("AdministratorAccess");
    account.putRolePermissionsBoundary(NAME, account.awsPolicyArn("PowerUserAccess"));

    assertRight(rig.repair());
  }

  @Test
  void aPolicyOfTheOrganizationIsNamedAsSuch() {
    account.serviceControlPolicies(
        List.of(
            List.of(
                document("{'Effect':'Allow','Action':'*','Resource':'*'}"),
                document("{'Effect':'Deny','Action':'ecr:*','Resource':'*'}"))));

    PermissionMissing finding = onlyMissing(rig.repair());

    assertThat(finding.verdict()).isEqualTo(Verdict.ORGANIZATION);
    assertThat(finding.denied()).isEqualTo(PULLS);
  }

  @Test
  void anOrganizationThatKeepsToTheGuardsRegionIsRight() {
    account.serviceControlPolicies(
        List.of(
            List.of(
                document("{'Effect':'Allow','Action':'*','Resource':'*'}"),
                document(
                    "{'Effect':'Deny','Action':'*','Resource':'*','Condition':"
                        + "{'StringNotEquals':{'aws:RequestedRegion':['eu-central-1']}}}"))));

    assertRight(rig.repair());
  }

  @Test
  void whatDependsOnTheRegionOfTheNodesIsANoteAndNotVerified() {
    inline(
        "Here",
        "{'Effect':'Deny','Action':'ecr:*','Resource':'*',"
            + "'Condition':{'StringEquals':{'aws:RequestedRegion':'eu-central-1'}}}");

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes())
        .singleElement()
        .isEqualTo(new Note.PermissionDependsOnContext(PULLS, List.of("aws:RequestedRegion")));
    assertThat(whyNotVerified(report).orElseThrow())
        .contains("ecr:BatchGetImage", "aws:RequestedRegion");
  }

  @Test
  void whatDependsOnAValueThatTheSimulationLacksIsANoteAndNotVerified() {
    bound(
        "[{'Effect':'Allow','Action':'ec2:*','Resource':'*'},"
            + "{'Effect':'Allow','Action':'ecr:*','Resource':'*',"
            + "'Condition':{'StringEquals':{'aws:SourceVpc':'vpc-1'}}}]");

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes())
        .singleElement()
        .isEqualTo(new Note.PermissionDependsOnContext(PULLS, List.of("aws:SourceVpc")));
    assertThat(whyNotVerified(report).orElseThrow()).contains("aws:SourceVpc");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNetworkPerimeterIsANoteWhoeverDrawsIt(boolean organization) {
    String perimeter =
        document(
            "{'Effect':'Deny','Action':'*','Resource':'*','Condition':{"
                + "'StringNotEqualsIfExists':{'aws:SourceVpc':'vpc-1'},"
                + "'BoolIfExists':{'aws:ViaAWSService':'false'}}}");
    if (organization) {
      account.serviceControlPolicies(
          List.of(List.of(document("{'Effect':'Allow','Action':'*','Resource':'*'}"), perimeter)));
    } else {
      account.putRolePolicy(NAME, "Perimeter", perimeter);
    }

    RoleReport report = rig.repair();

    assertThat(report.status()).as(report.explanation()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes()).singleElement().isInstanceOf(Note.PermissionDependsOnContext.class);
    assertThat(whyNotVerified(report)).isPresent();
  }

  @Test
  void aPolicyThatIsMissingIsOneFindingAndNotTwo() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEKS_CNI_Policy"));

    RoleReport audit = rig.run(Requirements.DEFAULT, Mode.AUDIT);
    assertThat(audit.findings())
        .extracting(Finding::type)
        .containsExactly("ManagedPolicyNotAttached");

    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aPolicyOfOnesOwnWithTheSameEffectIsAsGood() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEC2ContainerRegistryReadOnly"));
    String own =
        account
            .createPolicy("pulls", document("{'Effect':'Allow','Action':'ecr:*','Resource':'*'}"))
            .arn();
    account.attachRolePolicy(NAME, own);

    assertRight(
        rig.run(
            requiring(EffectUse.VERIFY, "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", own),
            Mode.REPAIR));
  }

  @Test
  void whatIsNotRequiredIsNotNeeded() {
    inline("NoSsm", "{'Effect':'Deny','Action':['ssm*:*','ec2messages:*'],'Resource':'*'}");
    assertRight(rig.repair());

    attach("AmazonSSMManagedInstanceCore");
    Requirements withSsm =
        requiring(EffectUse.VERIFY, "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore");
    assertThat(onlyMissing(rig.run(withSsm, Mode.REPAIR)).denied())
        .contains("ssm:UpdateInstanceInformation");
  }

  @Test
  void whereItIsOffIamIsNotAsked() {
    attach("AdministratorAccess");

    RoleReport report = rig.run(requiring(EffectUse.OFF, "AmazonEKSWorkerNodePolicy"), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.calls()).doesNotContain("SimulatePrincipalPolicy").hasSize(3);
  }

  @Test
  void aRoleUnderAnUnexpectedPathTakesOneMoreCall() {
    account.deleteRoleAndWhatItHas(NAME);
    account.deleteInstanceProfile(NAME);
    rig.withRightRole("/eks/");

    assertRight(rig.repair());
    assertThat(rig.calls().stream().filter("SimulatePrincipalPolicy"::equals)).hasSize(2);
  }

  @Test
  void aRepairThatRemovesTheCauseEndsWell() {
    attach("AdministratorAccess");
    Requirements strict =
        new Requirements(
            Optional.empty(),
            Requirements.DEFAULT_POLICIES,
            Optional.empty(),
            InstanceProfileUse.ENSURE,
            Optional.empty(),
            Map.of(),
            ExtraPolicyUse.REMOVE,
            List.of(),
            EffectUse.VERIFY);

    RoleReport report = rig.run(strict, Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.findings())
        .extracting(Finding::type)
        .containsExactly("ManagedPolicyNotAllowed", "PermissionExcessive");
    assertThat(report.remaining()).isEmpty();
    assertThat(rig.writes()).containsExactly("DetachRolePolicy");
  }

  @Test
  void aSimulationThatIsDeniedIsSaidAndNothingElse() {
    rig.iam.faults().always("SimulatePrincipalPolicy", new Fault.Denied());

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(report.notes())
        .singleElement()
        .extracting(Note::message)
        .asString()
        .startsWith("It was not verified what nodes with this role can do. ")
        .contains("iam:SimulatePrincipalPolicy");
    assertThat(whyNotVerified(report)).isPresent();
  }

  @Test
  void aListedRoleIsNotSimulatedUnlessItsNameIsGiven() {
    attach("AdministratorAccess");
    account.createRole("NodeInstanceRole2", GuardRig.EC2_TRUST);
    rig.iam.forgetCalls();
    Run run =
        new Run(Mode.AUDIT, Guards.HOME, Budget.of(Duration.ofSeconds(30)), new Cause.Asked());

    var all =
        rig.guard.checkAll(
            RoleSelection.of(List.of(NAME, "NodeInstance*")), Requirements.DEFAULT, run);

    assertThat(rig.calls().stream().filter("SimulatePrincipalPolicy"::equals)).hasSize(1);
    assertThat(all.roles())
        .filteredOn(
            role -> role.findings().stream().anyMatch(PermissionExcessive.class::isInstance))
        .extracting(RoleReport::roleName)
        .containsExactly(NAME);
    assertThat(all.notVerified()).isEqualTo(1);
    assertThat(rig.guard.check(Target.named(NAME), Requirements.DEFAULT, run).notVerified())
        .isZero();
  }
}
