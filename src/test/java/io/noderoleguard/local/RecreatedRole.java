package io.noderoleguard.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.Invocation;
import io.noderoleguard.local.lambda.LocalLambda;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The chapter of the tour about a cluster: somebody deletes the role of its nodes, and the
 * function, which now has the setting {@code Clusters}, makes them able to join again.
 */
final class RecreatedRole {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REGION = "eu-central-1";
  private static final String CLUSTER = "prod";

  private final EmbeddedIam iam;
  private final String role;
  private final PrintStream out;
  private final Consumer<String> title;
  private final Expectations expectations;

  RecreatedRole(
      EmbeddedIam iam,
      String role,
      PrintStream out,
      Consumer<String> title,
      Expectations expectations) {
    this.iam = iam;
    this.role = role;
    this.out = out;
    this.title = title;
    this.expectations = expectations;
  }

  /** Two nights more, the second of which finds nothing to do. */
  void tell(Path event) throws IOException, InterruptedException {
    String scheduled = Files.readString(event);
    String arn = iam.account().getRole(role).arn();
    try (EmbeddedEks eks = EmbeddedEks.start(iam.account());
        LocalLambda lambda = function(eks)) {
      title.accept("Somebody deletes the role that the nodes of the cluster prod use");
      eks.account().createCluster(REGION, CLUSTER, "API");
      eks.account().createEntry(REGION, CLUSTER, arn, "EC2_LINUX", Map.of("team", "nodes"));
      eks.account().backdateAll(arn, Instant.now().minus(Duration.ofDays(30)));
      expectThatNodesCanJoin("before the role was deleted", true, eks, arn);
      iam.account().deleteRoleAndWhatItHas(role);
      expectThatNodesCanJoin("while there is no role", false, eks, arn);

      title.accept("A night with the setting Clusters=prod: " + event);
      JsonNode report = invoke(lambda, scheduled, eks);
      expectThatNodesCanJoin("after that night", true, eks, arn);
      expectations.equal("that night's status", "REPAIRED", report.path("status").asText());
      expectations.equal(
          "the findings of that night", true, findsBoth(Reports.findingTypes(report)));
      expectations.equal(
          "the calls of that night that change EKS",
          List.of("DeleteAccessEntry", "CreateAccessEntry"),
          eks.writes().stream().map(call -> call.action()).toList());
      expectations.equal(
          "the tags of the new entry",
          Map.of("team", "nodes"),
          eks.account().entry(REGION, CLUSTER, arn).tags());

      title.accept("The night after: " + event);
      JsonNode quiet = invoke(lambda, scheduled, eks);
      expectations.equal("the status of a quiet night", "COMPLIANT", quiet.path("status").asText());
      expectations.equal("the writes of a quiet night", 0, iam.writes().size());
      expectations.equal("the writes to EKS of a quiet night", 0, eks.writes().size());
    }
  }

  private static boolean findsBoth(Set<String> findings) {
    return findings.containsAll(List.of("RoleMissing", "AccessEntryStale"));
  }

  private LocalLambda function(EmbeddedEks eks) throws IOException {
    Map<String, String> settings = new TreeMap<>(RoleDrift.SETTINGS);
    settings.put("ROLE_NAMES", role);
    settings.put("CLUSTERS", CLUSTER);
    settings.put("AWS_SAM_LOCAL", "true");
    settings.put("AWS_ENDPOINT_URL_IAM", iam.endpoint().toString());
    settings.put("AWS_ENDPOINT_URL_EKS", eks.endpoint().toString());
    return LocalLambda.start(
        new FunctionOptions()
            .functionArn("arn:aws:lambda:" + REGION + ":123456789012:function:local")
            .environment(settings));
  }

  private JsonNode invoke(LocalLambda lambda, String event, EmbeddedEks eks)
      throws IOException, InterruptedException {
    iam.forgetCalls();
    eks.forgetCalls();
    Invocation invocation = lambda.invoke(event);
    if (invocation.error().isPresent()) {
      expectations.add("a report", "the error " + invocation.error().get().errorMessage());
      return JSON.createObjectNode();
    }
    JsonNode report = JSON.readTree(invocation.body());
    out.print(Reports.describe(report));
    out.printf(
        "  %d calls to IAM, %d of them writes; %d calls to EKS, %d of them writes%n",
        iam.calls().size(), iam.writes().size(), eks.calls().size(), eks.writes().size());
    return report;
  }

  /** EKS itself is asked: of an entry it knows which role it was created for. */
  private void expectThatNodesCanJoin(String when, boolean expected, EmbeddedEks eks, String arn) {
    boolean can = eks.account().admits(REGION, CLUSTER, arn);
    out.printf("  Nodes can join %s: %s%n", when, can ? "yes" : "no");
    expectations.equal("whether nodes can join " + when, expected, can);
  }
}
