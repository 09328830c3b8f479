package io.noderoleguard.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.eks.EmbeddedEks;
import io.noderoleguard.local.iam.DriftedRole;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.Fault;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.LocalLambda;
import io.noderoleguard.rig.HandlerRig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The function as it is deployed, in its own JVM, under the real runtime interface client. */
final class PackagedFunctionTest {

  @Test
  void eventAfterEventIsServedAndTheLogTellsWhatWasDone() throws Exception {
    try (EmbeddedIam iam = EmbeddedIam.start();
        CloudFormationReceiver receiver = CloudFormationReceiver.start();
        LocalLambda lambda =
            LocalLambda.start(
                new FunctionOptions()
                    .environment(
                        Map.of(
                            "AWS_ENDPOINT_URL_IAM",
                            iam.endpoint().toString(),
                            "AWS_SAM_LOCAL",
                            "true",
                            "JAVA_TOOL_OPTIONS",
                            LocalLambda.toolOptions())))) {
      var refused = lambda.invoke("{\"Records\":[]}");
      assertThat(refused.error())
          .hasValueSatisfying(
              error -> {
                assertThat(error.errorType()).endsWith("RefusedEventException");
                assertThat(error.errorMessage()).contains("Records are no list of one or more");
              });

      var repaired = lambda.invoke(Files.readString(Path.of("events", "scheduled.json")));
      assertThat(repaired.error()).isEmpty();
      assertThat(repaired.body()).contains("\"status\":\"REPAIRED\"");

      iam.forgetCalls();
      var compliant = lambda.invoke(Files.readString(Path.of("events", "scheduler.json")));
      assertThat(compliant.body()).contains("\"status\":\"COMPLIANT\"");
      assertThat(iam.calls()).hasSize(4);

      String create = HandlerRig.request("cfn-create.json", receiver);
      var created = lambda.invoke(create);
      assertThat(created.error()).isEmpty();
      assertThat(receiver.awaitAnswer(Duration.ofSeconds(10)).body())
          .contains("\"Status\":\"SUCCESS\"");

      String log = lambda.awaitLog("NodeInstanceRole is REPAIRED.", Duration.ofSeconds(10));
      assertThat(log)
          .contains(
              "Picked up JAVA_TOOL_OPTIONS: " + LocalLambda.toolOptions(),
              "\"finding\":\"RoleMissing\"",
              "\"change\":\"CreateRole\"",
              "\"outcome\":\"APPLIED\"",
              "\"status\":\"REPAIRED\"",
              "\"function_request_id\":\"" + repaired.requestId() + "\"")
          .doesNotContain(receiver.responseUrl().getRawQuery())
          .doesNotContain("The preparation of")
          // Of Logback, SLF4J and Powertools, when they do not find each other
          .doesNotContain("|-", "SLF4J", "LoggingManager")
          .doesNotContain("Exception in thread");
    }
  }

  @Test
  void aMissingPermissionIsInTheInvocationsErrorAndInItsLogLine() throws Exception {
    String scheduled = Files.readString(Path.of("events", "scheduled.json"));
    // The action that is denied, and what it is called for.
    Map<String, String> denied = new LinkedHashMap<>();
    denied.put("GetAccountAuthorizationDetails", "the account's roles");
    denied.put("GetInstanceProfile", "instance profile " + DriftedRole.NAME);
    denied.put("AttachRolePolicy", "role " + DriftedRole.NAME + " and policy arn:aws:iam::");
    try (EmbeddedIam iam = EmbeddedIam.start();
        LocalLambda lambda =
            LocalLambda.start(
                new FunctionOptions()
                    .environment(
                        Map.of(
                            "AWS_ENDPOINT_URL_IAM",
                            iam.endpoint().toString(),
                            "ROLE_NAMES",
                            DriftedRole.NAME + ",eks-*")))) {
      DriftedRole.addTo(iam.account());
      Map<String, String> toldByRequest = new LinkedHashMap<>();
      for (var call : denied.entrySet()) {
        iam.faults().clear();
        iam.faults().always(call.getKey(), new Fault.Denied());
        String told = "iam:%s for %s".formatted(call.getKey(), call.getValue());

        var failed = lambda.invoke(scheduled);

        toldByRequest.put(failed.requestId(), told);
        assertThat(failed.error())
            .hasValueSatisfying(
                error -> assertThat(error.errorMessage()).contains(told, "AccessDenied"));
      }
      // The log is in order: with what is said of a later event, all before it is there.
      lambda.invoke("[]");
      String log = lambda.awaitLog("the event is an array", Duration.ofSeconds(10));
      toldByRequest.forEach(
          (request, told) ->
              assertThat(log.lines())
                  .filteredOn(
                      line -> line.contains(request) && line.contains("\"status\":\"FAILED\""))
                  .singleElement()
                  .asString()
                  .contains(told, "AccessDenied"));
    }
  }

  @Test
  void withoutClustersNothingOfEksIsLoadedOrCalled(@TempDir Path folder) throws Exception {
    Path loaded = folder.resolve("classes");
    String scheduled = Files.readString(Path.of("events", "scheduled.json"));
    try (EmbeddedIam iam = EmbeddedIam.start();
        EmbeddedEks eks = EmbeddedEks.start(iam.account());
        LocalLambda lambda =
            LocalLambda.start(
                new FunctionOptions()
                    .environment(
                        Map.of(
                            "AWS_ENDPOINT_URL_IAM",
                            iam.endpoint().toString(),
                            "AWS_ENDPOINT_URL_EKS",
                            eks.endpoint().toString()))
                    .jvmOptions("-Xlog:class+load:file=" + loaded))) {
      assertThat(lambda.invoke(scheduled).body()).contains("\"status\":\"REPAIRED\"");
      assertThat(lambda.invoke(scheduled).body()).contains("\"status\":\"COMPLIANT\"");

      assertThat(eks.calls()).isEmpty();
      assertThat(Files.readString(loaded))
          .contains("io.noderoleguard.iam.")
          .doesNotContain(
              "software.amazon.awssdk.services.eks.", "io.noderoleguard.eks.EksClients");
    }
  }

  @Test
  void withClustersARecreatedRolesNodesCanJoin() throws Exception {
    String scheduled = Files.readString(Path.of("events", "scheduled.json"));
    String region = "eu-central-1";
    try (EmbeddedIam iam = EmbeddedIam.start();
        EmbeddedEks eks = EmbeddedEks.start(iam.account());
        LocalLambda lambda =
            LocalLambda.start(
                new FunctionOptions()
                    .functionArn(HandlerRig.FUNCTION_ARN)
                    .environment(
                        Map.of(
                            "AWS_ENDPOINT_URL_IAM",
                            iam.endpoint().toString(),
                            "AWS_ENDPOINT_URL_EKS",
                            eks.endpoint().toString(),
                            "CLUSTERS",
                            "prod")))) {
      DriftedRole.addTo(iam.account());
      String role = iam.account().getRole(DriftedRole.NAME).arn();
      eks.account().createCluster(region, "prod", "API");
      eks.account().createEntry(region, "prod", role, "EC2_LINUX", Map.of("team", "nodes"));
      eks.account().backdateAll(role, Instant.EPOCH);
      iam.account().deleteRoleAndWhatItHas(DriftedRole.NAME);

      String report = lambda.invoke(scheduled).body();

      assertThat(report)
          .contains("\"status\":\"REPAIRED\"", "\"AccessEntryStale\"", "\"unguarded\":[]");
      assertThat(eks.account().admits(region, "prod", role)).isTrue();
      eks.forgetCalls();
      iam.forgetCalls();
      assertThat(lambda.invoke(scheduled).body()).contains("\"status\":\"COMPLIANT\"");
      assertThat(eks.writes()).isEmpty();
      assertThat(iam.writes()).isEmpty();
      // Whatever becomes of the run, the log has what was deleted.
      assertThat(lambda.awaitLog("\"change\":\"CreateAccessEntry\"", Duration.ofSeconds(10)))
          .contains("\"previous\":\"{\\\"clusterName\\\":\\\"prod\\\"");
    }
  }
}
