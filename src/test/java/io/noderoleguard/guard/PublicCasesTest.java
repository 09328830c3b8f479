package io.noderoleguard.guard;

import static io.noderoleguard.guard.GuardRig.EC2_TRUST;
import static io.noderoleguard.guard.GuardRig.NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.iam.IamAccount;
import io.noderoleguard.local.iam.MotoServer;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.ChangeResult;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.Finding;
import io.noderoleguard.role.InstanceProfileUse;
import io.noderoleguard.role.Note;
import io.noderoleguard.role.Requirements;
import io.noderoleguard.role.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;

/** Roles as people reported them, and as widely used tools make them. */
final class PublicCasesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PULL_ONLY = "AmazonEC2ContainerRegistryPullOnly";

  private final GuardRig rig = new GuardRig().withRightRole();
  private final IamAccount account = rig.iam.account();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    logger().detachAppender(log);
    rig.close();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(GuardLog.class);
  }

  private static String text(String input) {
    try (InputStream file =
        PublicCasesTest.class.getResourceAsStream("/cases/" + input + ".json")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String input) {
    try {
      return JSON.readTree(text(input));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Requirements policies(String... policies) {
    return new Requirements(Optional.empty(), List.of(policies), Optional.empty(), Map.of());
  }

  private static Requirements trusting(String trustPolicy) {
    return requirements(Optional.of(trustPolicy), InstanceProfileUse.ENSURE);
  }

  private static Requirements requirements(
      Optional<String> trustPolicy, InstanceProfileUse instanceProfile) {
    return new Requirements(
        Optional.empty(),
        Requirements.DEFAULT_POLICIES,
        trustPolicy,
        instanceProfile,
        Optional.empty(),
        Map.of());
  }

  /** What a field has in each log line that has it. */
  private List<String> logged(String field) {
    return log.list.stream()
        .filter(line -> line.getKeyValuePairs() != null)
        .flatMap(line -> line.getKeyValuePairs().stream())
        .filter(pair -> pair.key.equals(field))
        .map(pair -> String.valueOf(pair.value))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust-tagsession", "trust-mandatory-deny"})
  void whatIsHarmlessIsLeftAloneWithANote(String input) {
    account.updateAssumeRolePolicy(NAME, text(input));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
    assertThat(rig.calls()).hasSize(4);
    assertThat(report.notes()).hasSize(1);
    assertThat(logged("note")).containsExactly(report.notes().getFirst().type());
    assertThat(logged("finding")).isEmpty();
    assertThat(account.getRole(NAME).trustPolicy()).isEqualTo(text(input));
  }

  /** IAM takes only principals that exist. */
  private void createTeams() {
    IntStream.range(0, 14)
        .mapToObj("team-%02d"::formatted)
        .forEach(team -> account.createRole(team, EC2_TRUST));
  }

  @Test
  void aCompliantRoleOfAPatternHasItsNoteToo() {
    account.updateAssumeRolePolicy(NAME, text("trust-tagsession"));

    var report =
        rig.runAll(Requirements.DEFAULT, Mode.REPAIR, Duration.ofSeconds(30), "NodeInstance*");

    assertThat(report.roles().getFirst().notes()).hasSize(1);
    assertThat(logged("note")).hasSize(1);
    assertThat(rig.calls()).containsExactly("GetAccountAuthorizationDetails");
    assertThat(report.summary()).contains("is COMPLIANT.", "sts:TagSession");
  }

  @Test
  void aDenyThatCouldMeetEc2IsDrift() {
    String unconditional =
        text("trust-mandatory-deny").replaceAll(",\\s*\"BoolIfExists\": \\{[^}]*}", "");
    assertThat(unconditional).doesNotContain("PrincipalIsAWSService");
    account.updateAssumeRolePolicy(NAME, unconditional);

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.notes()).isEmpty();
    assertThat(report.findings().getFirst().message())
        .contains("denies sts:AssumeRole to everyone");
  }

  static Stream<Arguments> overwritten() {
    return Stream.of(
        // input, what the finding names
        arguments("trust-ec2-and-eks", List.of("eks.amazonaws.com")),
        arguments(
            "trust-many-principals",
            IntStream.range(0, 14)
                .mapToObj("arn:aws:iam::123456789012:role/team-%02d"::formatted)
                .toList()),
        arguments(
            "trust-fraction", List.of("cannot be understood", "arn:aws:iam::999999999999:root")));
  }

  @ParameterizedTest
  @MethodSource("overwritten")
  void whatIsOverwrittenIsKeptAndAllWhoWereTrustedAreNamed(String input, List<String> named) {
    createTeams();
    account.updateAssumeRolePolicy(NAME, text(input));

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("UpdateAssumeRolePolicy");
    Finding finding = report.findings().getFirst();
    assertThat(finding.message()).contains(named);
    assertThat(finding.details()).containsEntry("previous", text(input));
    assertThat(logged("previous")).containsExactly(text(input));
    assertThat(log.list).anyMatch(line -> line.getFormattedMessage().equals(finding.message()));
    assertThat(rig.repair().status()).isEqualTo(Status.COMPLIANT);
  }

  @Test
  void theOwnersTrustPolicyIsRightAndIsWhatIsWritten() {
    String owners = text("trust-ec2-and-eks");
    account.updateAssumeRolePolicy(NAME, owners);

    assertThat(rig.run(trusting(owners), Mode.REPAIR).status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();

    account.updateAssumeRolePolicy(NAME, EC2_TRUST);
    RoleReport report = rig.run(trusting(owners), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.findings().getFirst().message()).contains("does not trust eks.amazonaws.com");
    assertThat(account.getRole(NAME).trustPolicy()).isEqualTo(owners);
  }

  @Test
  void aMissingRoleIsCreatedWithTheOwnersTrustPolicy() {
    String owners = text("trust-ec2-and-eks");
    account.deleteRoleAndWhatItHas(NAME);

    assertThat(rig.run(trusting(owners), Mode.REPAIR).status()).isEqualTo(Status.REPAIRED);
    assertThat(account.getRole(NAME).trustPolicy()).isEqualTo(owners);
  }

  @Test
  void whatTheOwnerWroteIsMeantExactlyButForADenyOfOthers() {
    String owners = text("trust-ec2-and-eks");
    String deny =
        JSON.createArrayNode().add(json("trust-mandatory-deny").at("/Statement/1")).toString();
    account.updateAssumeRolePolicy(
        NAME,
        owners.replaceFirst("\\[", deny.substring(0, deny.length() - 1).replace("$", "\\$") + ","));

    RoleReport denied = rig.run(trusting(owners), Mode.REPAIR);

    assertThat(denied.status()).isEqualTo(Status.COMPLIANT);
    assertThat(denied.notes()).extracting(Note::type).containsExactly("TrustPolicyDenies");

    account.updateAssumeRolePolicy(NAME, text("trust-tagsession"));
    assertThat(rig.run(trusting(EC2_TRUST), Mode.AUDIT).status()).isEqualTo(Status.DRIFTED);
  }

  private static final Set<String> NO_NODES_OF_EC2 =
      Set.of(
          "Cluster API AWS, default EKS node group role",
          "hybrid nodes, SSM",
          "hybrid nodes, Roles Anywhere",
          "Fargate pod execution");

  static Stream<Arguments> generated() {
    List<Arguments> entries = new ArrayList<>();
    for (JsonNode entry : json("trust-by-generators")) {
      entries.add(
          arguments(
              entry.path("who").asText(),
              entry.path("partition").asText(),
              entry.path("trust").toPrettyString()));
    }
    return entries.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("generated")
  void noneOfTheRightOnesIsRewritten(String who, String partition, String trust) {
    try (GuardRig there = new GuardRig(partition).withRightRole()) {
      there.iam.account().updateAssumeRolePolicy(NAME, trust);

      RoleReport report = there.repair();

      if (partition.startsWith("aws-iso")) {
        assertThat(report.status()).isEqualTo(Status.DRIFTED);
        assertThat(report.findings())
            .extracting(Finding::type)
            .containsExactly("PartitionNotSupported");
      } else if (NO_NODES_OF_EC2.contains(who)) {
        assertThat(report.status()).isEqualTo(Status.REPAIRED);
        assertThat(report.findings().getFirst().details()).containsEntry("previous", trust);
      } else {
        assertThat(report.status()).isEqualTo(Status.COMPLIANT);
        assertThat(there.calls()).hasSize(4);
      }
      assertThat(there.writes().isEmpty()).isEqualTo(!NO_NODES_OF_EC2.contains(who));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("generated")
  void withThatDocumentAsTheOwnersEachIsRight(String who, String partition, String trust) {
    boolean isForEc2 = trust.contains("\"ec2.");
    Requirements requirements =
        requirements(
            Optional.of(trust), isForEc2 ? InstanceProfileUse.ENSURE : InstanceProfileUse.IGNORE);
    if (partition.startsWith("aws-iso")) {
      assertThat(requirements.problems()).hasSize(1);
      return;
    }
    try (GuardRig there = new GuardRig(partition).withRightRole()) {
      there.iam.account().updateAssumeRolePolicy(NAME, trust);

      assertThat(there.run(requirements, Mode.REPAIR).status()).isEqualTo(Status.COMPLIANT);
    }
  }

  @Test
  void nothingIsWrittenInAPartitionThatIsNotKnown() {
    try (GuardRig there = new GuardRig("aws-iso")) {
      assertThat(there.repair().status()).isEqualTo(Status.DRIFTED);
      assertThat(there.writes()).isEmpty();
    }
  }

  @Test
  void inChinaTheOtherNameAloneIsNoted() {
    try (GuardRig there = new GuardRig("aws-cn").withRightRole()) {
      there
          .iam
          .account()
          .updateAssumeRolePolicy(NAME, json("china-com-only").path("trust").toString());

      RoleReport report = there.repair();

      assertThat(report.status()).isEqualTo(Status.COMPLIANT);
      assertThat(report.notes())
          .singleElement()
          .extracting(Note::message)
          .asString()
          .contains("ec2.amazonaws.com.cn");
      assertThat(there.writes()).isEmpty();
    }
  }

  private void attach(String input) {
    for (String attached : List.copyOf(account.getRole(NAME).attachedPolicyArns())) {
      account.detachRolePolicy(NAME, attached);
    }
    json(input)
        .path("ManagedPolicyArns")
        .forEach(policy -> account.attachRolePolicy(NAME, policy.asText()));
  }

  @Test
  void pullOnlyIsAsGoodAsReadOnly() {
    attach("policies-eksctl-pullonly");

    RoleReport report = rig.repair();

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("AttachRolePolicy");
    assertThat(report.changes())
        .extracting(ChangeResult::change)
        .extracting(change -> change.details().get("policyArn"))
        .containsExactly(account.awsPolicyArn("AmazonEKS_CNI_Policy"));
  }

  @Test
  void withoutTheCniPolicyTheRoleOfEksctlIsRight() {
    attach("policies-eksctl-pullonly");

    assertThat(
            rig.run(
                    policies(
                        "AmazonEKSWorkerNodePolicy",
                        "AmazonEC2ContainerRegistryReadOnly|" + PULL_ONLY),
                    Mode.REPAIR)
                .status())
        .isEqualTo(Status.COMPLIANT);
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void whereNoAlternativeIsAttachedTheFirstIsAndAllAreNamed() {
    account.detachRolePolicy(NAME, account.awsPolicyArn("AmazonEC2ContainerRegistryReadOnly"));

    RoleReport report =
        rig.run(policies(account.awsPolicyArn(PULL_ONLY) + "|AdministratorAccess"), Mode.REPAIR);

    assertThat(report.findings().getFirst().message())
        .contains(account.awsPolicyArn(PULL_ONLY), account.awsPolicyArn("AdministratorAccess"));
    assertThat(account.getRole(NAME).attachedPolicyArns())
        .contains(account.awsPolicyArn(PULL_ONLY))
        .doesNotContain(account.awsPolicyArn("AdministratorAccess"));
  }

  @Test
  void whatIsRequiredAloneSatisfiesAChoiceThatNamesItToo() {
    attach("profile-karpenter-none-yet");
    account.detachRolePolicy(NAME, account.awsPolicyArn(PULL_ONLY));

    RoleReport report =
        rig.run(
            policies("AmazonEC2ContainerRegistryReadOnly|" + PULL_ONLY, PULL_ONLY), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(rig.writes()).containsExactly("AttachRolePolicy");
  }

  @Test
  void aPolicyThatIsGoneIsNamed() {
    String[] required =
        json("policies-ipv6-policy-gone").path("RequiredPolicies").asText().split(",", -1);

    RoleReport report = rig.run(policies(required), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.FAILED);
    assertThat(report.explanation()).contains(required[1], "does not exist");
  }

  @Test
  void karpentersRoleNeedsNoProfile() {
    attach("profile-karpenter-none-yet");
    account.removeRoleFromInstanceProfile(NAME, NAME);
    account.deleteInstanceProfile(NAME);

    RoleReport report =
        rig.run(requirements(Optional.empty(), InstanceProfileUse.IGNORE), Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.COMPLIANT);
    assertThat(rig.calls())
        .containsExactly(
            "GetRole",
            "ListAttachedRolePolicies",
            "ListInstanceProfilesForRole",
            "SimulatePrincipalPolicy");
    assertThat(account.instanceProfiles()).isEmpty();
  }

  @Test
  void emptyProfilesThatNodesMayUseAreNamedAndLeftAlone() {
    String role = "prod-NodeInstanceRole-1ABC2DEF3GHI";
    account.createRole(role, EC2_TRUST);
    for (String profile :
        List.of("eks-1234", "prod-NodeInstanceProfile-XYZ", "eks-full", "other", "production-x")) {
      account.createInstanceProfile(profile);
    }
    account.addRoleToInstanceProfile("eks-full", NAME);

    RoleReport report = rig.run(Target.named(role), Requirements.DEFAULT, Mode.REPAIR);

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
    assertThat(report.findings().getLast().details())
        .containsEntry("emptyInstanceProfiles", "eks-1234, prod-NodeInstanceProfile-XYZ");
    assertThat(report.findings().getLast().message()).contains("have no role");
    assertThat(account.getInstanceProfile("eks-1234").roleName()).isEmpty();
  }

  @Test
  void aRoleThatOnlyAPatternMatchedAndEc2MayNotAssumeIsLeftAlone() {
    for (JsonNode entry : json("trust-by-generators")) {
      if (entry.path("who").asText().equals("Fargate pod execution")) {
        account.updateAssumeRolePolicy(NAME, entry.path("trust").toString());
      }
    }

    var report =
        rig.runAll(Requirements.DEFAULT, Mode.REPAIR, Duration.ofSeconds(30), "NodeInstance*");

    assertThat(report.status()).isEqualTo(Status.DRIFTED);
    assertThat(report.roles().getFirst().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.type()).isEqualTo("NotANodeRole");
              assertThat(finding.message()).contains("eks-fargate-pods.amazonaws.com");
            });
    assertThat(rig.writes()).isEmpty();
    assertThat(rig.repair().status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aPatternsRoleWhoseTrustCannotBeReadIsLeftAloneToo() {
    account.updateAssumeRolePolicy(NAME, text("trust-fraction"));

    var report =
        rig.runAll(Requirements.DEFAULT, Mode.REPAIR, Duration.ofSeconds(30), "NodeInstance*");

    assertThat(report.roles().getFirst().findings())
        .extracting(Finding::type)
        .containsExactly("NotANodeRole");
    assertThat(rig.writes()).isEmpty();
  }

  @Test
  void aPatternsRoleThatTrustsEc2AndAStrangerIsRepaired() {
    createTeams();
    account.updateAssumeRolePolicy(NAME, text("trust-many-principals"));

    var report =
        rig.runAll(Requirements.DEFAULT, Mode.REPAIR, Duration.ofSeconds(30), "NodeInstance*");

    assertThat(report.status()).isEqualTo(Status.REPAIRED);
  }

  @Test
  void aStrangersIamAgrees() throws Exception {
    try (MotoServer moto = MotoServer.startOrSkip("no public case is tried on moto");
        IamClient client =
            IamClients.builder()
                .endpointOverride(moto.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                .build()) {
      NodeRoleGuard guard =
          new NodeRoleGuard(
              new IamGateway(client),
              new Patience(Duration.ofMillis(5), Duration.ofMillis(200), Duration.ofSeconds(20)));
      for (String input :
          List.of(
              "trust-tagsession",
              "trust-mandatory-deny",
              "trust-ec2-and-eks",
              "trust-many-principals",
              "trust-fraction")) {
        client.createRole(create -> create.roleName(input).assumeRolePolicyDocument(text(input)));

        RoleReport first = checked(guard, input);

        assertThat(first.status()).as(input).isEqualTo(Status.REPAIRED);
        boolean isHarmless =
            first.findings().stream().noneMatch(each -> each.type().startsWith("T"));
        assertThat(isHarmless)
            .isEqualTo(List.of("trust-tagsession", "trust-mandatory-deny").contains(input));
        String written =
            URLDecoder.decode(
                client.getRole(get -> get.roleName(input)).role().assumeRolePolicyDocument(),
                StandardCharsets.UTF_8);
        if (isHarmless) {
          assertThat(JSON.readTree(written)).isEqualTo(json(input));
        }
        assertThat(checked(guard, input).status()).isEqualTo(Status.COMPLIANT);
      }
    }
  }

  private static RoleReport checked(NodeRoleGuard guard, String roleName) {
    return guard
        .check(
            Target.named(roleName),
            Requirements.DEFAULT,
            new Run(Mode.REPAIR, Guards.HOME, Budget.of(Duration.ofSeconds(60)), new Cause.Asked()))
        .roles()
        .getFirst();
  }
}
