package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What IAM would answer to the function as it is deployed: each request of a table. */
final class PermissionsTest {

  private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/teams/Boundary";
  private static final String OWN_POLICY = "arn:aws:iam::123456789012:policy/eks/NodeExtras";

  private static final String OTHER_POLICY = "arn:aws:iam::123456789012:policy/eks/OtherNodeExtras";

  private static final String OWN_ROLE =
      "arn:aws:iam::123456789012:role/eks-node-role-guard-%s-1ABC";

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

    void denyInAccount(String account, List<Call> calls, String pathAndName) {
      for (Call call : calls) {
        String resource =
            call.target().arn(partition, pathAndName).replace(Deployment.ACCOUNT, account);
        rows.add(new Row(call.action(), resource, call.context(), false));
      }
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
    table.allow(GuardCalls.readsOfEmptyProfiles());
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
            "/eks/MyNodeInstanceRole",
            "/eks/NodeInstanceRole2",
            "/NodeInstanceRole/Admin")
        .forEach(
            other -> {
              table.deny(GuardCalls.reads(), other);
              table.deny(writes, other);
            });
    // Under another path it is read, so that the report can say so.
    Stream.of("/eks/NodeInstanceRole", "/eks/nodes/NodeInstanceRole")
        .forEach(
            other -> {
              table.allow(GuardCalls.reads(), other);
              table.deny(writes, other);
            });
    table.denyInAccount("999999999999", writes, role);

    Stream.of(
            table.awsManaged("AdministratorAccess"),
            table.awsManaged("IAMFullAccess"),
            table.awsManaged("AmazonEKSWorkerNodePolicyX"),
            table.awsManaged("AmazonEKSWorkerNodeMinimalPolicy"),
            // The default's alternative to ReadOnly, which is attached where neither is
            table.awsManaged("AmazonEC2ContainerRegistryPullOnly"),
            table.awsManaged("service-role/AmazonEKS_CNI_Policy"),
            "arn:%s:iam::123456789012:policy/:iam::aws:policy/AmazonEKS_CNI_Policy"
                .formatted(partition),
            "arn:%s:iam::123456789012:policy/AmazonEKS_CNI_Policy".formatted(partition),
            "arn:%s:iam::999999999999:policy/AmazonEKS_CNI_Policy".formatted(partition))
        .forEach(policy -> table.deny("iam:AttachRolePolicy", role, "iam:PolicyARN", policy));
    Stream.of("lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com.example.org")
        .forEach(service -> table.deny("iam:PassRole", role, "iam:PassedToService", service));
    table.deny("iam:AttachRolePolicy", Target.ROLE, role);
    table.deny("iam:PassRole", Target.ROLE, role);
    GuardCalls.readsOfPatterns().forEach(call -> table.deny(call.action(), "*"));
    Stream.of("role/NodeInstanceRole", "role/Admin", "role/aws-service-role/x/Y")
        .forEach(
            other ->
                table.deny(
                    "sts:AssumeRole", "arn:%s:iam::123456789012:%s".formatted(partition, other)));

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
    table.allow(GuardCalls.readsOfEmptyProfiles());
    table.deny(GuardCalls.reads(), "/Admin");
    table.deny(GuardCalls.writes(table.defaultPolicies()), "/NodeInstanceRole");
    return table;
  }

  /** Karpenter and Auto Mode create instance profiles themselves. */
  private static Table profilesOfOthers(String mode) {
    Table table =
        new Table(
            mode + " with the instance profiles of others",
            "aws",
            Map.of("Mode", mode, "InstanceProfile", "Ignore", "RoleNames", "KarpenterNodeRole-*"));
    String role = "/KarpenterNodeRole-prod";
    List<Call> roleWrites = GuardCalls.roleWrites(table.defaultPolicies());
    table.allow(GuardCalls.reads(), role);
    if (mode.equals("Repair")) {
      table.allow(roleWrites, role);
    } else {
      table.deny(roleWrites, role);
    }
    table.deny(GuardCalls.profileWrites(), role);
    GuardCalls.readsOfEmptyProfiles().forEach(call -> table.deny(call.action(), "*"));
    return table;
  }

  /** What is required, and all alternatives to it, stays attached whatever the function does. */
  private static Table removals(String partition, String path) {
    Table table =
        new Table(
            "Other policies are removed from roles under %s in %s".formatted(path, partition),
            partition,
            Map.of(
                "ExtraPolicies",
                "Remove",
                "RolePath",
                path,
                "RoleNames",
                "NodeInstanceRole,blue-*",
                "RequiredPolicies",
                "AmazonEKSWorkerNodePolicy,service-role/A|AmazonEKS_CNI_Policy," + OWN_POLICY));
    List<Call> required =
        GuardCalls.removals(
                List.of(
                    table.awsManaged("AmazonEKSWorkerNodePolicy"),
                    table.awsManaged("service-role/A"),
                    table.awsManaged("AmazonEKS_CNI_Policy"),
                    OWN_POLICY))
            .stream()
            .filter(call -> call.action().equals("iam:DetachRolePolicy"))
            .toList();
    List<Call> others =
        GuardCalls.removals(List.of(table.awsManaged("AdministratorAccess"), OTHER_POLICY));
    Stream.of("NodeInstanceRole", "blue-a")
        .forEach(
            name -> {
              table.allow(GuardCalls.readsOfOtherPolicies(), path + name);
              table.allow(others, path + name);
              table.deny(required, path + name);
            });
    Stream.of(path + "Admin", "/other" + path + "NodeInstanceRole", path + "blue-a/Admin")
        .forEach(other -> table.deny(others, other));
    table.deny(GuardCalls.readsOfOtherPolicies(), path + "Admin");
    table.deny("iam:PutRolePolicy", Target.ROLE, path + "NodeInstanceRole");
    return table;
  }

  /** Each may be there already; only the first is attached where none is. */
  private static Table alternatives() {
    Table table =
        new Table(
            "Alternatives",
            "aws",
            Map.of(
                "RequiredPolicies",
                "AmazonEKSWorkerNodePolicy|AmazonEKSWorkerNodeMinimalPolicy,"
                    + OWN_POLICY
                    + "|AmazonEKS_CNI_Policy|arn:aws:iam::aws:policy/IAMFullAccess,"
                    + "service-role/First|"
                    + OTHER_POLICY
                    + "|service-role/Third,Last"));
    String role = "/NodeInstanceRole";
    table.allow(
        GuardCalls.writes(
            List.of(
                table.awsManaged("AmazonEKSWorkerNodePolicy"),
                OWN_POLICY,
                table.awsManaged("service-role/First"),
                table.awsManaged("Last"))),
        role);
    Stream.of(
            table.awsManaged("AmazonEKSWorkerNodeMinimalPolicy"),
            table.awsManaged("AmazonEKS_CNI_Policy"),
            table.awsManaged("IAMFullAccess"),
            OTHER_POLICY,
            table.awsManaged("service-role/Third"),
            table.awsManaged("First"),
            table.awsManaged("AmazonEKSWorkerNodePolicy|AmazonEKSWorkerNodeMinimalPolicy"))
        .forEach(policy -> table.deny("iam:AttachRolePolicy", role, "iam:PolicyARN", policy));
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
    // IAM asks for a role that it does not find by its name alone, and a role under another path is
    // read, so that the report can say so.
    Stream.of(
            "/Blue",
            "/eksctl-prod-NodeInstanceRole-1",
            "/eks/Green",
            "/ci/Blue",
            "/eks/nodes/a/Blue")
        .forEach(
            other -> {
              table.allow(GuardCalls.reads(), other);
              table.deny(writes, other);
            });
    table.allow(GuardCalls.readsOfPatterns());
    Stream.of(
            "/Sixth",
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

  /** A star of a pattern stands for slashes, too: nothing below the path is to be changed. */
  private static Table patternsAcrossPaths(String path) {
    Table table =
        new Table(
            "A pattern under " + path,
            "aws",
            Map.of(
                "RoleNames",
                "prod*,*-nodes-*",
                "RolePath",
                path,
                "PermissionsBoundary",
                BOUNDARY,
                "RoleTags",
                "team=platform"));
    List<Call> writes = everyWrite(table.defaultPolicies());
    Stream.of("prod", "prod-blue", "eks-nodes-1")
        .forEach(
            name -> {
              table.allow(GuardCalls.reads(), path + name);
              table.allow(writes, path + name);
            });
    Stream.of("prod-ci/Admin", "prod/a/b/Deployer", "x/prod", "eks-nodes-1/Admin", "a-nodes-b/c")
        .forEach(name -> table.deny(writes, path + name));
    Stream.of("/other/prod", "/other/prod-ci/Admin", "/ekx/prod", "/prod/eks-nodes-1")
        .forEach(other -> table.deny(writes, other));
    if (!path.equals("/")) {
      Stream.of("/prod", "/prod-blue", "/prod/eks-nodes-1")
          .forEach(other -> table.deny(writes, other));
    }
    Stream.of("Admin", "pro", "my-prod", "nodes-1").forEach(name -> denyAll(table, path + name));
    return table;
  }

  private static Table aPatternThatMatchesTheStacksOwnRoles() {
    Table table =
        new Table(
            "A pattern that matches the stack's own roles", "aws", Map.of("RoleNames", "eks-*"));
    List<Call> writes =
        GuardCalls.writes(table.defaultPolicies()).stream()
            .filter(call -> call.target() == Target.ROLE)
            .toList();
    table.allow(writes, "/eks-node-role-guard-Nodes-1ABC");
    Stream.of("GuardRole", "GuardFunctionNightlyRole")
        .map(role -> OWN_ROLE.formatted(role).replaceAll(".*:role", ""))
        .forEach(role -> table.deny(writes, role));
    return table;
  }

  private static Table manyNames(int number, String path) {
    List<String> names =
        IntStream.range(0, number)
            .mapToObj(
                i -> i % 5 == 4 ? "eksctl-%02d-*-Role".formatted(i) : "Nodes-%02d".formatted(i))
            .toList();
    Table table =
        new Table(
            "%d names under %s".formatted(number, path),
            "aws",
            Map.of("RoleNames", String.join(",", names), "RolePath", path));
    List<Call> writes = GuardCalls.writes(table.defaultPolicies());
    for (String name : names) {
      String pathAndName = path + name.replace("*", "blue");
      table.allow(GuardCalls.reads(), pathAndName);
      table.allow(writes, pathAndName);
      table.deny(writes, path + "deeper/" + name.replace("*", "blue"));
      table.deny(writes, path + name.replace("*", "blue") + "/Admin");
    }
    Stream.of("Nodes", "Nodes-", "Nodes-99", "Nodes-00,Nodes-01", "eksctl-04-Role", "Admin")
        .forEach(name -> denyAll(table, path + name));
    return table;
  }

  private static void denyAll(Table table, String pathAndName) {
    table.deny(GuardCalls.reads(), pathAndName);
    table.deny(everyWrite(table.defaultPolicies()), pathAndName);
  }

  private static List<Call> everyWrite(List<String> policyArns) {
    List<Call> calls = new ArrayList<>();
    GuardCalls.writes(policyArns).stream()
        // Where a boundary is asked for, it is part of the call.
        .filter(call -> !call.action().equals("iam:CreateRole"))
        .forEach(calls::add);
    calls.addAll(GuardCalls.boundaryWrites(BOUNDARY));
    calls.addAll(GuardCalls.tagWrites());
    return calls;
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

  /** Requests to EKS in a table's partition, about an access entry. */
  private record Entries(Table table) {

    private String arn(String service, String resource) {
      return "arn:%s:%s:%s".formatted(table.partition(), service, resource);
    }

    void create(String cluster, String type, String role, boolean allowed) {
      add("eks:CreateAccessEntry", "cluster/" + cluster, type, role, Map.of(), allowed);
    }

    void delete(String cluster, String type, String role, boolean allowed) {
      add("eks:DeleteAccessEntry", entry(cluster, role), type, role, Map.of(), allowed);
    }

    void associate(String type, String role, String policyArn, boolean allowed) {
      add(
          "eks:AssociateAccessPolicy",
          entry("prod", role),
          type,
          role,
          Map.of("eks:policyArn", policyArn, "eks:accessScope", "cluster"),
          allowed);
    }

    void tag(String type, String role, boolean allowed) {
      add("eks:TagResource", entry("prod", role), type, role, Map.of(), allowed);
    }

    private static String entry(String cluster, String role) {
      return "access-entry/%s/role/%s/%s/1234"
          .formatted(cluster, Deployment.ACCOUNT, role.substring(role.lastIndexOf('/') + 1));
    }

    private void add(
        String action,
        String resource,
        String type,
        String role,
        Map<String, String> more,
        boolean allowed) {
      Map<String, String> context = new LinkedHashMap<>(more);
      context.put("eks:accessEntryType", type);
      context.put("eks:principalArn", Target.ROLE.arn(table.partition(), role));
      table
          .rows()
          .add(
              new Row(
                  action,
                  arn("eks", "eu-central-1:%s:%s".formatted(Deployment.ACCOUNT, resource)),
                  context,
                  allowed));
    }

    void read(String action, String resource, boolean allowed) {
      table
          .rows()
          .add(
              new Row(
                  action,
                  arn("eks", "eu-central-1:%s:%s".formatted(Deployment.ACCOUNT, resource)),
                  Map.of(),
                  allowed));
    }
  }

  private static final List<String> NODE_TYPES =
      List.of("EC2_LINUX", "EC2_WINDOWS", "EC2", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX");

  private static Table clusters(String partition, String mode, String path) {
    boolean repairs = mode.equals("Repair");
    Table table =
        new Table(
            "%s with clusters in %s under %s".formatted(mode, partition, path),
            partition,
            Map.of(
                "Mode",
                mode,
                "RolePath",
                path,
                "RoleNames",
                "Blue,prod-*",
                "Clusters",
                "prod,eu-west-1/dev-*"));
    Entries entries = new Entries(table);
    table.rows().add(new Row("eks:ListClusters", "*", Map.of(), true));
    for (String cluster : List.of("prod", "dev-1", "other")) {
      boolean isNamed = !cluster.equals("other");
      entries.read("eks:DescribeCluster", "cluster/" + cluster, isNamed);
      entries.read("eks:ListNodegroups", "cluster/" + cluster, isNamed);
      entries.read("eks:ListAccessEntries", "cluster/" + cluster, isNamed);
      entries.read("eks:DescribeNodegroup", "nodegroup/" + cluster + "/blue/1", isNamed);
      entries.read("eks:DescribeAccessEntry", "access-entry/" + cluster + "/role/1/Any/1", isNamed);
      entries.read(
          "eks:ListAssociatedAccessPolicies", "access-entry/" + cluster + "/role/1/Any/1", isNamed);
      for (String type : NODE_TYPES) {
        entries.create(cluster, type, path + "Blue", isNamed && repairs);
        entries.delete(cluster, type, path + "Blue", isNamed && repairs);
      }
      for (String role : List.of("Blue", "prod-1", "Admin")) {
        entries.create(cluster, "STANDARD", path + role, false);
        entries.delete(cluster, "STANDARD", path + role, false);
      }
    }
    for (String role : List.of("prod-1", "prod-")) {
      entries.create("prod", "EC2_LINUX", path + role, repairs);
      entries.delete("prod", "EC2_LINUX", path + role, repairs);
    }
    for (String role :
        List.of(path + "Admin", path + "Blues", path + "prod-ci/Admin", "/elsewhere/Blue")) {
      entries.create("prod", "EC2_LINUX", role, false);
      entries.delete("prod", "EC2_LINUX", role, false);
    }
    String autoNode =
        "arn:%s:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy".formatted(partition);
    entries.associate("EC2", path + "Blue", autoNode, repairs);
    entries.associate("STANDARD", path + "Blue", autoNode, false);
    entries.associate("EC2", path + "Admin", autoNode, false);
    entries.associate("EC2", path + "Blue", autoNode.replace("AutoNode", "ClusterAdmin"), false);
    entries.associate(
        "STANDARD", path + "Blue", autoNode.replace("AutoNode", "ClusterAdmin"), false);
    entries.tag("EC2_LINUX", path + "Blue", repairs);
    entries.tag("STANDARD", path + "Blue", false);
    entries.tag("EC2_LINUX", path + "Admin", false);
    for (String service : List.of("ec2.amazonaws.com", "eks.amazonaws.com")) {
      Call pass = new Call("iam:PassRole", Target.ROLE, Map.of("iam:PassedToService", service));
      if (repairs) {
        table.allow(List.of(pass), path + "Blue");
      }
      table.deny(List.of(pass), path + "Admin");
    }
    table.deny("iam:PassRole", path + "Blue", "iam:PassedToService", "lambda.amazonaws.com");
    for (String action :
        List.of(
            "eks:DeleteCluster",
            "eks:UpdateClusterConfig",
            "eks:UpdateAccessEntry",
            "eks:DisassociateAccessPolicy",
            "eks:CreateNodegroup",
            "eks:DeleteNodegroup")) {
      String resource =
          action.contains("Access")
              ? "access-entry/prod/role/123456789012/Blue/1"
              : action.equals("eks:DeleteNodegroup") ? "nodegroup/prod/a/1" : "cluster/prod";
      entries.read(action, resource, false);
    }
    return table;
  }

  /** Without the setting, EKS is out of reach. */
  private static Table noClusters() {
    Table table = new Table("No clusters", "aws", Map.of());
    Entries entries = new Entries(table);
    table.allow(GuardCalls.reads(), "/NodeInstanceRole");
    table.rows().add(new Row("eks:ListClusters", "*", Map.of(), false));
    entries.read("eks:DescribeCluster", "cluster/prod", false);
    entries.create("prod", "EC2_LINUX", "/NodeInstanceRole", false);
    entries.delete("prod", "EC2_LINUX", "/NodeInstanceRole", false);
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
          profilesOfOthers("Repair"),
          profilesOfOthers("Audit"),
          alternatives(),
          removals("aws", "/"),
          removals("aws-us-gov", "/eks/"),
          lists(),
          patternsAcrossPaths("/"),
          patternsAcrossPaths("/eks/"),
          aPatternThatMatchesTheStacksOwnRoles(),
          manyNames(1, "/"),
          manyNames(6, "/eks/"),
          manyNames(30, "/"),
          manyNames(30, "/eks/nodes/"),
          boundaryAndTags(),
          noClusters(),
          clusters("aws", "Repair", "/"),
          clusters("aws", "Repair", "/eks/"),
          clusters("aws-cn", "Repair", "/"),
          clusters("aws-us-gov", "Repair", "/"),
          clusters("aws", "Audit", "/"));

  private static final Set<String> DENIED = Set.of("ImplicitlyDenied", "ExplicitlyDenied");

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
      if (!(row.allowed() ? Set.of("Allowed") : DENIED).contains(answer)) {
        wrong.add("%s on %s %s: %s".formatted(row.action(), row.resource(), row.context(), answer));
      }
    }

    assertThat(table.rows()).extracting(Row::allowed).contains(true, false);
    assertThat(wrong).isEmpty();
  }

  @Test
  void anAuditMayReadAndNothingElse() throws Exception {
    assertThat(allowedActions(Map.of("Mode", "Audit")))
        .isEqualTo(actions(GuardCalls.reads(), GuardCalls.readsOfEmptyProfiles()));
  }

  @Test
  void whoLeavesProfilesToOthersMayNeitherListThemNorFillThem() throws Exception {
    assertThat(allowedActions(Map.of("InstanceProfile", "Ignore")))
        .isEqualTo(actions(GuardCalls.reads(), GuardCalls.roleWrites(List.of(OWN_POLICY))));
    assertThat(allowedActions(Map.of("Mode", "Audit", "InstanceProfile", "Ignore")))
        .isEqualTo(actions(GuardCalls.reads()));
  }

  @ParameterizedTest
  @CsvSource({
    "Ignore, Repair, false, false",
    "Report, Repair, true, false",
    "Remove, Repair, true, true",
    "Remove, Audit, true, false"
  })
  void whatElseARoleHasIsReadAndRemovedOnlyWhereThatIsAskedFor(
      String extraPolicies, String mode, boolean read, boolean removed) throws Exception {
    Set<String> allowed =
        allowedActions(
            Map.of("ExtraPolicies", extraPolicies, "Mode", mode, "EffectivePermissions", "Off"));

    assertThat(allowed.containsAll(actions(GuardCalls.readsOfOtherPolicies()))).isEqualTo(read);
    assertThat(allowed.contains("iam:ListRolePolicies")).isEqualTo(read);
    assertThat(allowed.contains("iam:DetachRolePolicy")).isEqualTo(removed);
    assertThat(allowed.contains("iam:DeleteRolePolicy")).isEqualTo(removed);
    assertThat(allowed).doesNotContain(GuardCalls.EFFECT.action());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          eksctl-*-NodeInstanceRole | true
          NodeInstanceRole?         | true
          Blue,*-Green              | true
          NodeInstanceRole          | false
          Blue,Green                | false
          a,b,c,d,e,f,g,h,i,j,k,l   | false
          """)
  void onlyAGuardOfAPatternMayReadTheWholeAccount(String roleNames, boolean may) throws Exception {
    assertThat(allowedActions(Map.of("Mode", "Audit", "RoleNames", roleNames)))
        .isEqualTo(
            may
                ? actions(
                    GuardCalls.reads(),
                    GuardCalls.readsOfEmptyProfiles(),
                    GuardCalls.readsOfPatterns())
                : actions(GuardCalls.reads(), GuardCalls.readsOfEmptyProfiles()));
  }

  @Test
  void aRepairMayMakeTheGuardsCallsAndNoOther() throws Exception {
    assertThat(allowedActions(Map.of()))
        .isEqualTo(
            actions(
                GuardCalls.reads(),
                GuardCalls.readsOfEmptyProfiles(),
                GuardCalls.writes(List.of(OWN_POLICY))));
  }

  @Test
  void aBoundaryAndTagsAddTheirCallsAndNoOther() throws Exception {
    assertThat(allowedActions(Map.of("PermissionsBoundary", BOUNDARY, "RoleTags", "team=a")))
        .isEqualTo(
            actions(
                GuardCalls.reads(),
                GuardCalls.readsOfEmptyProfiles(),
                GuardCalls.writes(List.of(OWN_POLICY)),
                GuardCalls.boundaryWrites(BOUNDARY),
                GuardCalls.tagWrites()));
  }

  @ParameterizedTest
  @CsvSource({"Repair", "Audit"})
  void clustersAddTheirCallsAndNoOther(String mode) throws Exception {
    Set<String> with = allowedActions(Map.of("Mode", mode, "Clusters", "*"));
    Set<String> expected = allowedActions(Map.of("Mode", mode));
    expected.addAll(GuardCalls.clusterReads());
    if (mode.equals("Repair")) {
      expected.addAll(GuardCalls.accessEntryWrites());
      expected.addAll(GuardCalls.impliedByAccessEntries());
    }

    assertThat(with).isEqualTo(expected);
  }

  /** A managed policy holds 6,144 characters, white space not counted. */
  @ParameterizedTest
  @CsvSource({"1, 64, 30", "6, 64, 25", "18, 64, 10", "30, 30, 20"})
  void longListsFitIntoThePolicies(int names, int length, int policies) throws Exception {
    Deployment deployment =
        Deployment.in(
            "aws-us-gov",
            Map.of(
                "RoleNames",
                texts(names, length),
                "RolePath",
                "/platform/kubernetes/nodes/",
                "RequiredPolicies",
                texts(policies, 50),
                "PermissionsBoundary",
                BOUNDARY,
                "RoleTags",
                "team=platform",
                "Clusters",
                texts(10, 30),
                "ExtraPolicies",
                "Remove",
                "AllowedPolicies",
                texts(policies, 50)));

    assertThat(deployment.resourcesOf("AWS::IAM::ManagedPolicy"))
        .hasSize(8)
        .allSatisfy(
            policy ->
                assertThat(deployment.properties(policy).path("PolicyDocument").toString())
                    .hasSizeLessThanOrEqualTo(6144));
  }

  /** A comma-delimited list. */
  private static String texts(int number, int length) {
    return IntStream.range(0, number)
        .mapToObj(i -> "%02d".formatted(i) + "x".repeat(length - 2))
        .collect(Collectors.joining(","));
  }

  /** IAM refuses a policy with such a resource as role*&#47;NAME, and with it the deployment. */
  @Test
  void iamTakesThePolicies() throws Exception {
    List<JsonNode> policies = new ArrayList<>();
    for (Table table : TABLES) {
      Deployment deployment = Deployment.in(table.partition(), table.parameters());
      for (String logicalId : deployment.resourcesOf("AWS::IAM::ManagedPolicy")) {
        if (!deployment.properties(logicalId).isMissingNode()) {
          policies.add(deployment.properties(logicalId).path("PolicyDocument"));
        }
      }
      for (JsonNode inline : deployment.properties("GuardRole").path("Policies")) {
        policies.add(withArns(inline.path("PolicyDocument")));
      }
    }
    String reads =
        Deployment.withDefaults().properties("RoleReadPolicy").path("PolicyDocument").toString();
    policies.add(new JsonMapper().readTree(reads.replace(":role/*/", ":role*/")));

    List<String> refusals = PolicyRules.refusals(policies);

    assertThat(refusals.removeLast()).contains("IAM resource path must either be");
    assertThat(refusals).hasSizeGreaterThan(TABLES.size()).allMatch(String::isEmpty);
  }

  @Test
  void beyondIamTheFunctionMayDoOnlyWhatItNeeds() throws Exception {
    assertThat(inlineStatements(Deployment.withDefaults()))
        .filteredOn(statement -> statement.path("Effect").asText().equals("Allow"))
        .extracting(
            statement ->
                texts(statement.path("Action")) + " on " + statement.path("Resource").asText())
        .containsExactly(
            "[logs:CreateLogStream, logs:PutLogEvents] on GuardLogGroup.Arn",
            "[events:PutEvents] on arn:aws:events:eu-central-1:123456789012:event-bus/default",
            "[sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes] on ChangesQueue.Arn",
            "[cloudtrail:LookupEvents] on *");
  }

  /** Of what a pattern or a path reaches too far, each change is denied and no read. */
  @Test
  void everyChangeIsDeniedOutsideThePath() throws Exception {
    Map<String, String> parameters =
        Map.of("PermissionsBoundary", BOUNDARY, "RoleTags", "team=a", "RoleNames", "nodes*");
    Set<String> reads =
        actions(
            GuardCalls.reads(), GuardCalls.readsOfPatterns(), GuardCalls.readsOfEmptyProfiles());
    Set<String> changes = allowedActions(parameters);
    changes.removeAll(reads);

    assertThat(changes).hasSize(8);
    assertThat(inlineStatements(Deployment.in("aws", parameters)))
        .filteredOn(statement -> statement.path("Effect").asText().equals("Deny"))
        .hasSize(2)
        .allSatisfy(
            statement -> {
              Pattern denied =
                  Pattern.compile(
                      String.join("|", texts(statement.path("Action"))).replace("*", ".*"));
              assertThat(changes).allMatch(denied.asMatchPredicate());
              assertThat(reads).noneMatch(denied.asMatchPredicate());
            });
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

  /** All policies of the function's role in one: what one denies is denied. */
  private static JsonNode permissions(Deployment deployment) {
    ObjectNode permissions = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = permissions.putArray("Statement");
    managedStatements(deployment).forEach(statements::add);
    inlineStatements(deployment).stream()
        // The others are about the log, the event bus and X-Ray.
        .filter(statement -> statement.path("Effect").asText().equals("Deny"))
        .forEach(statements::add);
    JsonNode ownRoles = deployment.properties("OwnRolesPolicy");
    if (!ownRoles.isMissingNode()) {
      assertThat(ownRoles.path("RoleName").asText()).isEqualTo("GuardRole");
      statements(withArns(ownRoles.path("PolicyDocument"))).forEach(statements::add);
    }
    return permissions;
  }

  /** A policy with the ARNs of the stack's own resources as a deployment makes them. */
  private static JsonNode withArns(JsonNode policy) {
    try {
      return new JsonMapper()
          .readTree(
              policy
                  .toString()
                  .replaceAll("(Guard[A-Za-z]*Role)\\.Arn", OWN_ROLE.formatted("$1"))
                  .replace("GuardLogGroup.Arn", "arn:aws:logs:eu-central-1:123456789012:x")
                  .replace("ChangesQueue.Arn", "arn:aws:sqs:eu-central-1:123456789012:changes"));
    } catch (JsonProcessingException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private static List<JsonNode> managedStatements(Deployment deployment) {
    return deployment
        .properties("GuardRole")
        .path("ManagedPolicyArns")
        .valueStream()
        .map(policy -> deployment.properties(policy.asText()).path("PolicyDocument"))
        .flatMap(policy -> statements(policy).stream())
        .toList();
  }

  private static List<JsonNode> inlineStatements(Deployment deployment) {
    return deployment
        .properties("GuardRole")
        .path("Policies")
        .valueStream()
        .flatMap(policy -> statements(policy.path("PolicyDocument")).stream())
        .toList();
  }

  private static Set<String> allowedActions(Map<String, String> parameters) throws Exception {
    Set<String> actions = new TreeSet<>();
    for (JsonNode statement : managedStatements(Deployment.in("aws", parameters))) {
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
