package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.template.GuardCalls.Call;
import io.noderoleguard.template.GuardCalls.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What IAM would answer to the function as it is deployed: each request of a table. */
final class PermissionsTest {

  private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/teams/Boundary";
  private static final String OWN_POLICY = "arn:aws:iam::123456789012:policy/eks/NodeExtras";

  /** A request, and whether it is to be allowed. */
  record Row(String action, String resource, Map<String, String> context, boolean allowed) {}

  /** The requests to be answered under one choice of partition and parameters. */
  record Table(String deployed, String partition, Map<String, String> parameters, List<Row> rows) {

    Table(String deployed, String partition, Map<String, String> parameters) {
      this(deployed, partition, Map.copyOf(parameters), new ArrayList<>());
    }

    void allow(List<Call> calls, String pathAndName) {
      calls.forEach(call -> add(call, pathAndName, true));
    }

    /** Calls that IAM holds against no role. */
    void allow(List<Call> calls) {
      calls.forEach(call -> rows.add(new Row(call.action(), "*", call.context(), true)));
    }

    void deny(List<Call> calls, String pathAndName) {
      calls.forEach(call -> add(call, pathAndName, false));
    }

    void deny(String action, Target target, String pathAndName) {
      add(new Call(action, target), pathAndName, false);
    }

    void deny(String action, String pathAndName, String key, String value) {
      add(new Call(action, Target.ROLE, Map.of(key, value)), pathAndName, false);
    }

    void deny(String action, String resource) {
      rows.add(new Row(action, resource, Map.of(), false));
    }

    private void add(Call call, String pathAndName, boolean allowed) {
      String resource = call.target().arn(partition, pathAndName);
      rows.add(new Row(call.action(), resource, call.context(), allowed));
    }

    /** The ARNs of the three policies that are required by default. */
    List<String> defaultPolicies() {
      return Stream.of(
              "AmazonEKSWorkerNodePolicy",
              "AmazonEKS_CNI_Policy",
              "AmazonEC2ContainerRegistryReadOnly")
          .map(this::awsManaged)
          .toList();
    }

    String awsManaged(String name) {
      return "arn:%s:iam::aws:policy/%s".formatted(partition, name);
    }
  }

  private static Table repair(String partition) {
    Table table = new Table("Repair in " + partition, partition, Map.of());
    String role = "/NodeInstanceRole";
    List<Call> writes = GuardCalls.writes(table.defaultPolicies());
    table.allow(GuardCalls.reads(), role);
    table.allow(writes, role);
    if (partition.equals("aws-cn")) {
      table.allow(
          List.of(
              new Call(
                  "iam:PassRole",
                  Target.ROLE,
                  Map.of("iam:PassedToService", "ec2.amazonaws.com.cn"))),
          role);
    }

    Stream.of(
            "/Admin",
            "/NodeInstanceRole2",
            "/MyNodeInstanceRole",
            "/nodeinstancerole",
            "/NodeInstanceRol",
            "/eks/NodeInstanceRole",
            "/NodeInstanceRole/Admin")
        .forEach(
            other -> {
              table.deny(GuardCalls.reads(), other);
              table.deny(writes, other);
            });

    Stream.of(
            table.awsManaged("AdministratorAccess"),
            table.awsManaged("IAMFullAccess"),
            table.awsManaged("AmazonEKSWorkerNodePolicyX"),
            table.awsManaged("AmazonEKSWorkerNodeMinimalPolicy"),
            table.awsManaged("service-role/AmazonEKS_CNI_Policy"),
            "arn:%s:iam::123456789012:policy/AmazonEKS_CNI_Policy".formatted(partition),
            "arn:%s:iam::999999999999:policy/AmazonEKS_CNI_Policy".formatted(partition))
        .forEach(policy -> table.deny("iam:AttachRolePolicy", role, "iam:PolicyARN", policy));
    Stream.of("lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com.example.org")
        .forEach(service -> table.deny("iam:PassRole", role, "iam:PassedToService", service));
    table.deny("iam:AttachRolePolicy", Target.ROLE, role);
    table.deny("iam:PassRole", Target.ROLE, role);
    GuardCalls.readsOfSeveralRoles().forEach(call -> table.deny(call.action(), "*"));

    Stream.of(
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateRole",
            "sts:AssumeRole")
        .forEach(action -> table.deny(action, Target.ROLE, role));
    Stream.of(
            "iam:DeleteInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:TagInstanceProfile")
        .forEach(action -> table.deny(action, Target.PROFILE, role));
    table.defaultPolicies().forEach(policy -> table.deny("iam:CreatePolicyVersion", policy));
    table.deny("iam:CreatePolicy", "arn:%s:iam::123456789012:policy/New".formatted(partition));
    table.deny("iam:CreateAccessKey", "arn:%s:iam::123456789012:user/alice".formatted(partition));
    table.deny("iam:CreateUser", "arn:%s:iam::123456789012:user/mallory".formatted(partition));
    return table;
  }

  private static Table audit(String partition) {
    Table table = new Table("Audit in " + partition, partition, Map.of("Mode", "Audit"));
    table.allow(GuardCalls.reads(), "/NodeInstanceRole");
    table.deny(GuardCalls.reads(), "/Admin");
    table.deny(GuardCalls.writes(table.defaultPolicies()), "/NodeInstanceRole");
    return table;
  }

  private static Table auditOfEverySetting() {
    Table table =
        new Table(
            "Audit with every setting",
            "aws",
            Map.of("Mode", "Audit", "PermissionsBoundary", BOUNDARY, "RoleTags", "team=platform"));
    table.allow(GuardCalls.reads(), "/NodeInstanceRole");
    table.deny(GuardCalls.writes(table.defaultPolicies()), "/NodeInstanceRole");
    table.deny(GuardCalls.boundaryWrites(BOUNDARY), "/NodeInstanceRole");
    table.deny(GuardCalls.tagWrites(), "/NodeInstanceRole");
    return table;
  }

  private static Table lists() {
    Table table =
        new Table(
            "Lists, a pattern and a path",
            "aws",
            Map.of(
                "RoleNames", "Blue,Green,eksctl-*-NodeInstanceRole-?,Fourth,Fifth",
                "RolePath", "/eks/nodes/",
                "RequiredPolicies",
                    "AmazonEKSWorkerNodePolicy," + OWN_POLICY + ",service-role/AmazonEC2Role"));
    List<Call> writes =
        GuardCalls.writes(
            List.of(
                table.awsManaged("AmazonEKSWorkerNodePolicy"),
                OWN_POLICY,
                table.awsManaged("service-role/AmazonEC2Role")));
    Stream.of("Blue", "Green", "eksctl-prod-NodeInstanceRole-1", "Fourth", "Fifth")
        .forEach(
            name -> {
              table.allow(GuardCalls.reads(), "/eks/nodes/" + name);
              table.allow(writes, "/eks/nodes/" + name);
            });
    // IAM asks for a role that it does not find by its name alone.
    table.allow(GuardCalls.reads(), "/Blue");
    table.allow(GuardCalls.reads(), "/eksctl-prod-NodeInstanceRole-1");
    table.deny(writes, "/Blue");
    table.deny(GuardCalls.reads(), "/Sixth");
    table.allow(GuardCalls.readsOfSeveralRoles());
    Stream.of(
            "/eks/Green",
            "/eks/nodes/blue",
            "/eks/nodes/Blue,Green",
            "/eks/nodes/eksctl-prod-NodeInstanceRole-",
            "/eks/nodes/eksctl-prod-NodeInstanceRole-12",
            "/eks/nodes/my-eksctl-prod-NodeInstanceRole-1",
            "/eks/nodes/",
            "/eks/nodes/Sixth")
        .forEach(
            other -> {
              table.deny(GuardCalls.reads(), other);
              table.deny(writes, other);
            });
    Stream.of(
            table.awsManaged("AmazonEKS_CNI_Policy"),
            table.awsManaged("eks/NodeExtras"),
            "arn:aws:iam::123456789012:policy/NodeExtras",
            "arn:aws:iam::123456789012:policy/AmazonEKSWorkerNodePolicy")
        .forEach(
            policy ->
                table.deny("iam:AttachRolePolicy", "/eks/nodes/Blue", "iam:PolicyARN", policy));
    return table;
  }

  private static Table boundaryAndTags() {
    Table table =
        new Table(
            "Repair with a boundary and tags",
            "aws",
            Map.of("PermissionsBoundary", BOUNDARY, "RoleTags", "team=platform,env=prod"));
    String role = "/NodeInstanceRole";
    table.allow(GuardCalls.boundaryWrites(BOUNDARY), role);
    table.allow(GuardCalls.tagWrites(), role);
    table.deny(GuardCalls.boundaryWrites(BOUNDARY), "/Admin");
    table.deny(GuardCalls.tagWrites(), "/Admin");
    table.deny(GuardCalls.boundaryWrites(OWN_POLICY), role);
    table.deny(GuardCalls.boundaryWrites("arn:aws:iam::aws:policy/AdministratorAccess"), role);
    table.deny("iam:CreateRole", Target.ROLE, role);
    table.deny("iam:PutRolePermissionsBoundary", Target.ROLE, role);
    table.deny("iam:DeleteRolePermissionsBoundary", Target.ROLE, role);
    return table;
  }

  private static final List<Table> TABLES =
      List.of(
          repair("aws"),
          repair("aws-cn"),
          repair("aws-us-gov"),
          audit("aws"),
          audit("aws-cn"),
          audit("aws-us-gov"),
          auditOfEverySetting(),
          lists(),
          boundaryAndTags());

  private static final Map<Table, List<String>> ANSWERS = new LinkedHashMap<>();

  /** One start of the simulator answers all tables. */
  @BeforeAll
  static void askTheSimulator() throws Exception {
    List<PolicySimulator.Request> requests = new ArrayList<>();
    for (Table table : TABLES) {
      JsonNode policy = permissions(Deployment.in(table.partition(), table.parameters()));
      for (Row row : table.rows()) {
        requests.add(
            new PolicySimulator.Request(
                policy,
                "arn:%s:iam::%s:role/guard".formatted(table.partition(), Deployment.ACCOUNT),
                Deployment.ACCOUNT,
                row.action(),
                row.resource(),
                row.context()));
      }
    }
    List<String> answers = PolicySimulator.evaluate(requests);
    int first = 0;
    for (Table table : TABLES) {
      ANSWERS.put(table, answers.subList(first, first + table.rows().size()));
      first += table.rows().size();
    }
  }

  static Stream<Named<Table>> tables() {
    return TABLES.stream().map(table -> Named.of(table.deployed(), table));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyRequestIsAnsweredAsTheTableSays(Table table) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < table.rows().size(); i++) {
      Row row = table.rows().get(i);
      String answer = Objects.requireNonNull(ANSWERS.get(table)).get(i);
      if (!answer.equals(row.allowed() ? "Allowed" : "ImplicitlyDenied")) {
        wrong.add("%s on %s %s: %s".formatted(row.action(), row.resource(), row.context(), answer));
      }
    }

    assertThat(table.rows()).extracting(Row::allowed).contains(true, false);
    assertThat(wrong).isEmpty();
  }

  @Test
  void anAuditMayReadAndNothingElse() throws Exception {
    assertThat(allowedActions(Map.of("Mode", "Audit"))).isEqualTo(actions(GuardCalls.reads()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Blue,Green", "eksctl-*-NodeInstanceRole", "NodeInstanceRole?"})
  void onlyAGuardOfSeveralRolesMayReadTheWholeAccount(String roleNames) throws Exception {
    assertThat(allowedActions(Map.of("Mode", "Audit", "RoleNames", roleNames)))
        .isEqualTo(actions(GuardCalls.reads(), GuardCalls.readsOfSeveralRoles()));
    assertThat(allowedActions(Map.of()))
        .doesNotContainAnyElementsOf(actions(GuardCalls.readsOfSeveralRoles()));
  }

  @Test
  void aRepairMayMakeTheGuardsCallsAndNoOther() throws Exception {
    assertThat(allowedActions(Map.of()))
        .isEqualTo(actions(GuardCalls.reads(), GuardCalls.writes(List.of(OWN_POLICY))));
  }

  @Test
  void aBoundaryAndTagsAddTheirCallsAndNoOther() throws Exception {
    assertThat(allowedActions(Map.of("PermissionsBoundary", BOUNDARY, "RoleTags", "team=a")))
        .isEqualTo(
            actions(
                GuardCalls.reads(),
                GuardCalls.writes(List.of(OWN_POLICY)),
                GuardCalls.boundaryWrites(BOUNDARY),
                GuardCalls.tagWrites()));
  }

  /** A managed policy holds 6,144 characters, white space not counted; its description 1,000. */
  @Test
  void fiveLongRoleNamesUnderAPathAndTenPoliciesFitIntoThePolicies() throws Exception {
    String roleNames =
        IntStream.range(0, 5).mapToObj(i -> i + "r".repeat(63)).collect(Collectors.joining(","));
    String policies =
        IntStream.range(0, 10).mapToObj(i -> i + "p".repeat(39)).collect(Collectors.joining(","));

    Deployment deployment =
        Deployment.in(
            "aws-us-gov",
            Map.of(
                "RoleNames", roleNames,
                "RolePath", "/platform/kubernetes/nodes/",
                "RequiredPolicies", policies,
                "PermissionsBoundary", BOUNDARY,
                "RoleTags", "team=platform"));

    assertThat(List.of("GuardPermissions", "GuardChanges"))
        .allSatisfy(
            policy ->
                assertThat(deployment.properties(policy).path("PolicyDocument").toString())
                    .hasSizeLessThanOrEqualTo(6144));
    assertThat(deployment.properties("GuardPermissions").path("Description").asText())
        .hasSizeLessThanOrEqualTo(1000);
  }

  @Test
  void beyondIamTheFunctionMayOnlyWriteItsLogAndSendTheOutcome() throws Exception {
    JsonNode policies = Deployment.withDefaults().properties("GuardRole").path("Policies");

    assertThat(policies).hasSize(1);
    assertThat(statements(policies.get(0).path("PolicyDocument")))
        .extracting(
            statement ->
                texts(statement.path("Action")) + " on " + statement.path("Resource").asText())
        .containsExactly(
            "[logs:CreateLogStream, logs:PutLogEvents] on GuardLogGroup.Arn",
            "[events:PutEvents] on arn:aws:events:eu-central-1:123456789012:event-bus/default");
  }

  @Test
  void aBoundaryOfTheFunctionHoldsItsRoleAndItsSchedules() throws Exception {
    Deployment bounded = Deployment.in("aws", Map.of("FunctionPermissionsBoundary", BOUNDARY));

    assertThat(bounded.resourcesOf("AWS::IAM::Role"))
        .hasSize(2)
        .allSatisfy(
            role ->
                assertThat(bounded.properties(role).path("PermissionsBoundary").asText())
                    .isEqualTo(BOUNDARY));
    assertThat(Deployment.withDefaults().properties("GuardRole").has("PermissionsBoundary"))
        .isFalse();
  }

  /** All policies of the function's role in one: what each allows is allowed. */
  private static JsonNode permissions(Deployment deployment) {
    ObjectNode permissions = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = permissions.putArray("Statement");
    for (JsonNode policy : deployment.properties("GuardRole").path("ManagedPolicyArns")) {
      statements(deployment.properties(policy.asText()).path("PolicyDocument"))
          .forEach(statements::add);
    }
    return permissions;
  }

  private static Set<String> allowedActions(Map<String, String> parameters) throws Exception {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement : statements(permissions(Deployment.in("aws", parameters)))) {
      assertThat(statement.path("Effect").asText()).isEqualTo("Allow");
      actions.addAll(texts(statement.path("Action")));
    }
    return actions;
  }

  @SafeVarargs
  private static Set<String> actions(List<Call>... calls) {
    Set<String> actions = new TreeSet<>();
    for (List<Call> some : calls) {
      some.forEach(call -> actions.add(call.action()));
    }
    return actions;
  }

  private static List<JsonNode> statements(JsonNode policy) {
    return policy.path("Statement").valueStream().toList();
  }

  private static List<String> texts(JsonNode textOrList) {
    return textOrList.isArray()
        ? textOrList.valueStream().map(JsonNode::asText).toList()
        : List.of(textOrList.asText());
  }
}
