package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What IAM would answer to the function that receives changes, and to the rule that forwards. */
final class ChangesPermissionsTest {

  private static final String CHANGES = "arn:aws:sqs:eu-central-1:123456789012:changes";
  private static final String BUS = "arn:aws:events:%s:%s:event-bus/%s";

  private static final String PUT_EVENTS = "events:PutEvents";

  /** A deployment and a request, and whether it is to be allowed. */
  private record Row(
      Deployment deployment,
      String role,
      String action,
      String resource,
      Map<String, String> context,
      boolean allowed) {}

  private static final List<Row> ROWS = new ArrayList<>();
  private static final List<String> ANSWERS = new ArrayList<>();

  @BeforeAll
  static void askTheSimulator() throws Exception {
    receiving();
    sending();
    lookingUp("aws", Map.of(), "us-east-1", "eu-central-1");
    lookingUp("aws-cn", Map.of(), "cn-north-1", "cn-northwest-1");
    lookingUp("aws-us-gov", Map.of(), "us-gov-west-1", "us-gov-east-1");
    lookingUp(
        "aws-us-gov", Map.of("IamEventsRegion", "us-gov-east-1"), "us-gov-east-1", "us-gov-west-1");
    forwarding();
    ANSWERS.addAll(
        PolicySimulator.evaluate(
            ROWS.stream()
                .map(
                    row ->
                        new PolicySimulator.Request(
                            policies(row.deployment(), row.role()),
                            "arn:aws:iam::123456789012:role/x",
                            Deployment.ACCOUNT,
                            row.action(),
                            row.resource(),
                            row.context()))
                .toList()));
  }

  @Test
  void everyRequestIsAnsweredAsExpected() {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < ROWS.size(); i++) {
      Row row = ROWS.get(i);
      if (!ANSWERS.get(i).equals(row.allowed() ? "Allowed" : "ImplicitlyDenied")) {
        wrong.add(
            "%s on %s %s: %s"
                .formatted(row.action(), row.resource(), row.context(), ANSWERS.get(i)));
      }
    }

    assertThat(ROWS).extracting(Row::allowed).contains(true, false);
    assertThat(wrong).isEmpty();
  }

  private static void receiving() throws Exception {
    for (String mode : List.of("Repair", "Audit")) {
      Deployment watching = Deployment.in("aws", Map.of("Mode", mode));
      Deployment not = Deployment.in("aws", Map.of("Mode", mode, "WatchChanges", "No"));
      for (String action :
          List.of("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")) {
        add(watching, action, CHANGES, Map.of(), true);
        add(watching, action, CHANGES + "2", Map.of(), false);
        add(watching, action, CHANGES.replace("12:", "13:"), Map.of(), false);
        add(not, action, CHANGES, Map.of(), false);
      }
      for (String action : List.of("sqs:SendMessage", "sqs:PurgeQueue", "sqs:SetQueueAttributes")) {
        add(watching, action, CHANGES, Map.of(), false);
      }
    }
  }

  /** The outcome goes to the default event bus of the function's own account and Region. */
  private static void sending() throws Exception {
    for (String mode : List.of("Repair", "Audit")) {
      Deployment deployment = Deployment.in("aws", Map.of("Mode", mode));
      buses(Deployment.REGION, "us-east-1")
          .forEach((bus, allowed) -> add(deployment, PUT_EVENTS, bus, Map.of(), allowed));
      add(deployment, "events:PutRule", "*", Map.of(), false);
    }
  }

  private static Map<String, Boolean> buses(String region, String elsewhere) {
    return Map.of(
        BUS.formatted(region, Deployment.ACCOUNT, "default"), true,
        BUS.formatted(region, Deployment.ACCOUNT, "other"), false,
        BUS.formatted(elsewhere, Deployment.ACCOUNT, "default"), false,
        BUS.formatted(region, "999999999999", "default"), false);
  }

  private static void lookingUp(
      String partition, Map<String, String> parameters, String where, String elsewhere)
      throws Exception {
    Deployment deployment = Deployment.in(partition, parameters);
    String action = GuardCalls.LOOKUP;
    add(deployment, action, "*", Map.of("aws:RequestedRegion", where), true);
    add(deployment, action, "*", Map.of("aws:RequestedRegion", elsewhere), false);
    add(deployment, action, "*", Map.of(), false);
    add(
        Deployment.in(partition, Map.of("ExplainDrift", "No")),
        action,
        "*",
        Map.of("aws:RequestedRegion", where),
        false);
  }

  private static void forwarding() throws Exception {
    Deployment forwarding =
        Forwarding.in("aws", "us-east-1", Map.of("GuardRegion", Deployment.REGION));
    buses(Deployment.REGION, "us-east-1")
        .forEach(
            (bus, allowed) ->
                ROWS.add(new Row(forwarding, "ForwardRole", PUT_EVENTS, bus, Map.of(), allowed)));
  }

  private static void add(
      Deployment deployment,
      String action,
      String resource,
      Map<String, String> context,
      boolean allowed) {
    ROWS.add(new Row(deployment, "GuardRole", action, resource, context, allowed));
  }

  /** The inline policies of a role in one. */
  private static JsonNode policies(Deployment deployment, String role) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    ArrayNode statements = policy.putArray("Statement");
    for (JsonNode inline : deployment.properties(role).path("Policies")) {
      inline.at("/PolicyDocument/Statement").forEach(statements::add);
    }
    try {
      return new JsonMapper()
          .readTree(
              policy
                  .toString()
                  .replace("ChangesQueue.Arn", CHANGES)
                  .replace("GuardLogGroup.Arn", "arn:aws:logs:eu-central-1:123456789012:x"));
    } catch (JsonProcessingException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }
}
