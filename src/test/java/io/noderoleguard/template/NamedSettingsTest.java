package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.noderoleguard.guard.Budget;
import io.noderoleguard.guard.NodeRoleGuard;
import io.noderoleguard.guard.Patience;
import io.noderoleguard.guard.Run;
import io.noderoleguard.iam.IamClients;
import io.noderoleguard.iam.IamGateway;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.report.Report;
import io.noderoleguard.report.Status;
import io.noderoleguard.rig.Guards;
import io.noderoleguard.role.RoleSelection;
import io.noderoleguard.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** That the settings in samconfig.toml suit the roles that they are made for. */
final class NamedSettingsTest {

  private static final String EC2 = trust("\"ec2.amazonaws.com\"", "\"sts:AssumeRole\"");

  /** A role as a tool makes it, and whether it has an instance profile from the start. */
  record Made(String name, String trust, List<String> policies, boolean hasProfile) {}

  static Set<String> names() throws IOException {
    return new NamedSettings().names();
  }

  @Test
  void thereAreSettingsForTheCommonKinds() throws IOException {
    assertThat(names()).containsExactly("default", "audit", "auto-mode", "karpenter");
  }

  @ParameterizedTest
  @MethodSource("names")
  void theTemplateAndTheFunctionTakeThem(String name) throws Exception {
    Settings settings = settings(name);

    assertThat(settings.mode()).isEqualTo(name.equals("audit") ? Mode.AUDIT : Mode.REPAIR);
    assertThat(new NamedSettings().texts(name, "deploy", "capabilities"))
        .containsExactly("CAPABILITY_IAM");
  }

  /** Each is a stack of its own, so that one account may have all of them. */
  @Test
  void noTwoHaveTheSameStack() throws IOException {
    NamedSettings settings = new NamedSettings();
    Set<String> stacks = new HashSet<>();

    for (String name : settings.names()) {
      assertThat(settings.texts(name, "global", "stack_name"))
          .hasSize(1)
          .allMatch(stack -> stack.matches("[A-Za-z][A-Za-z0-9-]{0,127}"))
          .allMatch(stacks::add);
    }
  }

  /** Two guards that repair the same role might never agree on it. */
  @ParameterizedTest
  @MethodSource("rolesOfTools")
  void onlyOneOfThemRepairsARole(String name, Made made) throws Exception {
    List<String> repairing = new ArrayList<>();
    for (String other : names()) {
      Settings settings = settings(other);
      if (settings.mode() == Mode.REPAIR && settings.roles().target(made.name()).isPresent()) {
        repairing.add(other);
      }
    }

    assertThat(repairing).isSubsetOf(name.equals("audit") ? List.of() : List.of(name));
  }

  static Stream<Arguments> rolesOfTools() {
    List<String> all =
        List.of(
            "AmazonEKSWorkerNodePolicy",
            "AmazonEKS_CNI_Policy",
            "AmazonEC2ContainerRegistryReadOnly");
    List<String> pullOnly =
        List.of(
            "AmazonEKSWorkerNodePolicy",
            "AmazonEKS_CNI_Policy",
            "AmazonEC2ContainerRegistryPullOnly");
    List<String> withSsm = new ArrayList<>(pullOnly);
    withSsm.add("AmazonSSMManagedInstanceCore");
    List<String> olderKarpenter = new ArrayList<>(all);
    olderKarpenter.add("AmazonSSMManagedInstanceCore");
    List<String> autoMode =
        List.of("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly");
    List<String> autoModeOnMore =
        List.of("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly");
    String tagging = trust("\"ec2.amazonaws.com\"", "[\"sts:AssumeRole\",\"sts:TagSession\"]");
    String lists = trust("[\"ec2.amazonaws.com\"]", "[\"sts:AssumeRole\"]");
    String ownAccount =
        EC2.replace(
            "}]}", ",\"Condition\":{\"StringEquals\":{\"aws:SourceAccount\":\"123456789012\"}}}]}");
    return Stream.of(
        arguments("default", new Made("NodeInstanceRole", lists, pullOnly, true)),
        arguments(
            "audit", new Made("eksctl-a-1764007365--NodeInstanceRole-BBBB", lists, withSsm, true)),
        arguments("auto-mode", new Made("prod-eks-auto-20260115030004", tagging, autoMode, false)),
        arguments(
            "auto-mode",
            new Made("eksctl-a-cluster-AutoModeNodeRole-FFFF", lists, autoMode, false)),
        arguments("auto-mode", new Made("AmazonEKSAutoNodeRole", EC2, autoMode, false)),
        arguments("auto-mode", new Made("AmazonEKSAutoNodeRole", EC2, autoModeOnMore, false)),
        arguments("karpenter", new Made("KarpenterNodeRole-a", lists, withSsm, false)),
        arguments("karpenter", new Made("KarpenterNodeRole-a", lists, olderKarpenter, false)),
        arguments("karpenter", new Made("eksctl-KarpenterNodeRole-a", lists, withSsm, false)),
        arguments("karpenter", new Made("Karpenter-prod-20260115030004", EC2, pullOnly, false)),
        arguments(
            "karpenter", new Made("Karpenter-prod-20260115030004", ownAccount, pullOnly, false)),
        arguments("default", new Made("NodeInstanceRole", EC2, all, true)),
        arguments("audit", new Made("eksctl-a-nodegroup-b-NodeInstanceRole-AAAA", EC2, all, true)),
        arguments("audit", new Made("mystack-NodeInstanceRole-CCCC", EC2, all, true)));
  }

  @ParameterizedTest
  @MethodSource("rolesOfTools")
  void theRoleThatTheToolMakesIsLeftAsItIs(String name, Made made) throws Exception {
    Settings settings = settings(name);
    try (EmbeddedIam iam = EmbeddedIam.start()) {
      add(iam, made);

      Report report =
          guard(iam)
              .checkAll(
                  roles(settings, made.name()),
                  settings.requirements(),
                  new Run(
                      settings.mode(),
                      Guards.HOME,
                      Budget.of(Duration.ofSeconds(30)),
                      new Cause.Asked()));

      assertThat(report.status()).as(report.toString()).isEqualTo(Status.COMPLIANT);
      assertThat(report.roles()).hasSize(1);
      assertThat(report.roles().getFirst().roleName()).isEqualTo(made.name());
      assertThat(iam.writes()).isEmpty();
    }
  }

  /** Those of the setting; for a role whose tool chooses other names, the owner changes them. */
  private static RoleSelection roles(Settings settings, String roleName) {
    return settings.roles().target(roleName).isPresent()
        ? settings.roles()
        : RoleSelection.of(List.of(roleName.replaceFirst("[0-9]+$", "*")));
  }

  private static void add(EmbeddedIam iam, Made made) {
    iam.account().createRole(made.name(), made.trust());
    made.policies()
        .forEach(
            policy ->
                iam.account().attachRolePolicy(made.name(), iam.account().awsPolicyArn(policy)));
    if (made.hasProfile()) {
      // EKS names the profile of a managed node group itself.
      String profile = "eks-1ecb2e4f-6a8c-4d57-9d2e-3a5e0c7b9f10";
      iam.account().createInstanceProfile(profile);
      iam.account().addRoleToInstanceProfile(profile, made.name());
    }
  }

  private static Settings settings(String name) throws Exception {
    Map<String, String> environment = new HashMap<>();
    Deployment.in("aws", new NamedSettings().parameters(name))
        .properties("GuardFunction")
        .at("/Environment/Variables")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    return Settings.from(environment);
  }

  private static NodeRoleGuard guard(EmbeddedIam iam) {
    return new NodeRoleGuard(
        new IamGateway(
            IamClients.builder()
                .endpointOverride(iam.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))
                .build()),
        new Patience(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(2)));
  }

  private static String trust(String services, String actions) {
    return """
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
    "Principal":{"Service":%s},"Action":%s}]}"""
        .formatted(services, actions);
  }
}
