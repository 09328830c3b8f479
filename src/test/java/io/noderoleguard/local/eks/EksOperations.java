package io.noderoleguard.local.eks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.local.iam.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out a call, and answers in the protocol's JSON. */
final class EksOperations {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_PAGE = 100;

  private final EksAccount account;
  private final EksCall call;

  private EksOperations(EksAccount account, EksCall call) {
    this.account = account;
    this.call = call;
  }

  static String answer(EksAccount account, EksCall call) {
    return new EksOperations(account, call).answer().toString();
  }

  private ObjectNode answer() {
    Call asked = call.call();
    return switch (asked.action()) {
      case "ListClusters" -> page("clusters", account.clusterNames(call.region()));
      case "DescribeCluster" -> described(account.cluster(call.region(), cluster()));
      case "ListNodegroups" ->
          page(
              "nodegroups",
              List.copyOf(account.cluster(call.region(), cluster()).nodegroups.keySet()));
      case "DescribeNodegroup" -> nodegroup();
      case "ListAccessEntries" ->
          page(
              "accessEntries",
              account.entries(call.region(), cluster()).stream()
                  .map(EksEntry::principalArn)
                  .toList());
      case "DescribeAccessEntry" ->
          entry(account.entry(call.region(), cluster(), parameter("principalArn")));
      case "CreateAccessEntry" -> create(body());
      case "DeleteAccessEntry" -> {
        account.deleteEntry(call.region(), cluster(), parameter("principalArn"));
        yield JSON.createObjectNode();
      }
      case "ListAssociatedAccessPolicies" -> policies();
      case "AssociateAccessPolicy" -> associate(body());
      default -> throw new IllegalStateException(asked.action());
    };
  }

  private String cluster() {
    return parameter("name");
  }

  private String parameter(String name) {
    return Optional.ofNullable(call.call().parameters().get(name))
        .orElseThrow(() -> EksAccount.refused(EksError.invalidParameter(name + " is required.")));
  }

  private JsonNode body() {
    try {
      return JSON.readTree(call.body());
    } catch (JsonProcessingException malformed) {
      throw EksAccount.refused(EksError.invalidRequest("The body is not JSON."));
    }
  }

  private ObjectNode described(EksCluster cluster) {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode described = answer.putObject("cluster");
    described.put("name", cluster.name);
    described.put("arn", account.arn(cluster.region, "cluster/" + cluster.name));
    described.put("status", cluster.status);
    described.putObject("accessConfig").put("authenticationMode", cluster.authenticationMode);
    ObjectNode compute = described.putObject("computeConfig");
    compute.put("enabled", cluster.autoModeRoleArn.isPresent());
    cluster.autoModeRoleArn.ifPresent(role -> compute.put("nodeRoleArn", role));
    return answer;
  }

  private ObjectNode nodegroup() {
    String name = parameter("nodegroupName");
    EksNodegroup group =
        Optional.ofNullable(account.cluster(call.region(), cluster()).nodegroups.get(name))
            .orElseThrow(
                () ->
                    EksAccount.refused(
                        EksError.notFound("No node group found for name: " + name + ".")));
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode described = answer.putObject("nodegroup");
    described.put("nodegroupName", group.name());
    described.put("clusterName", cluster());
    described.put("status", group.issues().isEmpty() ? "ACTIVE" : "DEGRADED");
    described.put("nodeRole", group.nodeRole());
    ArrayNode issues = described.putObject("health").putArray("issues");
    group
        .issues()
        .forEach(
            issue -> issues.addObject().put("code", issue.code()).put("message", issue.message()));
    return answer;
  }

  private ObjectNode create(JsonNode asked) {
    List<String> groups = new ArrayList<>();
    asked.path("kubernetesGroups").forEach(group -> groups.add(group.asText()));
    Map<String, String> tags = new HashMap<>();
    asked.path("tags").properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return entry(
        account.createEntry(
            call.region(),
            cluster(),
            asked.path("principalArn").asText(),
            asked.path("type").asText("STANDARD"),
            Optional.of(asked.path("username").asText()).filter(name -> !name.isEmpty()),
            groups,
            tags));
  }

  private ObjectNode entry(EksEntry entry) {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode described = answer.putObject("accessEntry");
    described.put("clusterName", cluster());
    described.put("principalArn", entry.principalArn());
    described.put("accessEntryArn", entry.arn());
    described.put("type", entry.type());
    described.put("username", entry.username());
    entry.groups().forEach(described.putArray("kubernetesGroups")::add);
    ObjectNode tags = described.putObject("tags");
    entry.tags().forEach(tags::put);
    described.put("createdAt", seconds(entry.createdAt()));
    described.put("modifiedAt", seconds(entry.createdAt()));
    return answer;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1000.0;
  }

  private ObjectNode policies() {
    EksEntry entry = account.entry(call.region(), cluster(), parameter("principalArn"));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("clusterName", cluster());
    answer.put("principalArn", entry.principalArn());
    ArrayNode policies = answer.putArray("associatedAccessPolicies");
    for (EksEntry.Policy policy : entry.policies()) {
      ObjectNode described = policies.addObject().put("policyArn", policy.arn());
      ObjectNode scope = described.putObject("accessScope").put("type", policy.scope());
      policy.namespaces().forEach(scope.putArray("namespaces")::add);
    }
    return answer;
  }

  private ObjectNode associate(JsonNode asked) {
    List<String> namespaces = new ArrayList<>();
    asked.at("/accessScope/namespaces").forEach(each -> namespaces.add(each.asText()));
    String principal = parameter("principalArn");
    account.associate(
        call.region(),
        cluster(),
        principal,
        new EksEntry.Policy(
            asked.path("policyArn").asText(), asked.at("/accessScope/type").asText(), namespaces));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("clusterName", cluster());
    answer.put("principalArn", principal);
    answer.set("associatedAccessPolicy", asked);
    return answer;
  }

  /** The page after the element that {@code nextToken} names. */
  private ObjectNode page(String member, List<String> sorted) {
    Map<String, String> parameters = call.call().parameters();
    int size = Integer.parseInt(parameters.getOrDefault("maxResults", String.valueOf(MAX_PAGE)));
    if (size < 1 || size > MAX_PAGE) {
      throw EksAccount.refused(
          EksError.invalidParameter("maxResults must be from 1 to " + MAX_PAGE + "."));
    }
    String last = parameters.getOrDefault("nextToken", "");
    List<String> rest = sorted.stream().filter(each -> each.compareTo(last) > 0).toList();
    List<String> items = rest.subList(0, Math.min(size, rest.size()));
    ObjectNode answer = JSON.createObjectNode();
    items.forEach(answer.putArray(member)::add);
    if (items.size() < rest.size()) {
      answer.put("nextToken", items.getLast());
    } else {
      answer.putNull("nextToken");
    }
    return answer;
  }
}
