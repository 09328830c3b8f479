package io.noderoleguard.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What IAM would answer to members, to strangers and to another organisation. */
final class CentralPoliciesTest {

  private static final String MEMBER = "111122223333";
  private static final String BUCKET = "arn:aws:s3:::central-codebucket-1abc";
  private static final String STRANGER = "444455556666";
  private static final String OTHER_ID = "o-zzzzzzzzzz";
  private static final String SENDER =
      "arn:aws:iam::%s:role/node-role-guard/reports/StackSet-guards-CentralBusRole-1ABC";
  private static final String DEPLOYER = "arn:aws:iam::%s:role/stacksets-exec-1a2b3c4d";

  /** A request and whether it is to be allowed. */
  record Row(String who, PolicySimulator.Request request, boolean allowed) {}

  /** A caller; an empty organisation is none. */
  record Caller(String who, JsonNode policy, String arn, String organization) {}

  private static final List<Row> ROWS = new ArrayList<>();
  private static final List<String> ANSWERS = new ArrayList<>();
  private static final Map<String, JsonNode> RESOURCE_POLICIES = new HashMap<>();

  @BeforeAll
  static void askTheSimulator() throws Exception {
    Deployment central = Organization.central();
    RESOURCE_POLICIES.put(
        Organization.BUS,
        document(
            central.properties("ReportsBusPolicy").path("Statement"),
            "ReportsBus.Arn",
            Organization.BUS));
    RESOURCE_POLICIES.put(
        BUCKET,
        document(
            central.properties("CodeBucketPolicy").at("/PolicyDocument/Statement"),
            "CodeBucket.Arn",
            BUCKET));
    bus();
    bucket();
    ANSWERS.addAll(PolicySimulator.evaluate(ROWS.stream().map(Row::request).toList()));
  }

  private static void bus() throws Exception {
    JsonNode own =
        Deployment.in("aws", Map.of("CentralBusArn", Organization.BUS))
            .properties("CentralBusRole")
            .at("/Policies/0/PolicyDocument");
    JsonNode all = allow("events:*");
    String sender = SENDER.formatted(MEMBER);
    String put = "events:PutEvents";

    Caller guard = new Caller("a member's guard", own, sender, Organization.ID);
    add(guard, put, Organization.BUS, true);
    add(
        new Caller(
            "the central account's", own, SENDER.formatted(Deployment.ACCOUNT), Organization.ID),
        put,
        Organization.BUS,
        true);
    add(guard, put, Organization.BUS.replace("-reports", ""), false);
    add(guard, put, Organization.BUS.replace(Deployment.ACCOUNT, MEMBER), false);

    for (String role :
        List.of(
            "Admin", "CentralBusRole", "x/node-role-guard/reports/CentralBusRole", "reports/Me")) {
      String arn = "arn:aws:iam::%s:role/%s".formatted(MEMBER, role);
      add(new Caller("another role", all, arn, Organization.ID), put, Organization.BUS, false);
    }
    String foreign = SENDER.formatted(STRANGER);
    add(new Caller("another one's", all, foreign, OTHER_ID), put, Organization.BUS, false);
    add(new Caller("a stranger", all, foreign, ""), put, Organization.BUS, false);
    for (String action :
        List.of("events:DescribeEventBus", "events:DeleteEventBus", "events:UpdateEventBus")) {
      Caller mighty = new Caller("a member's guard", all, sender, Organization.ID);
      add(mighty, action, Organization.BUS, false);
    }
  }

  private static void bucket() throws Exception {
    JsonNode all = allow("s3:*");
    String object = BUCKET + "/function-0.1.0.zip";
    Caller member = new Caller("a member", all, DEPLOYER.formatted(MEMBER), Organization.ID);
    String foreign = DEPLOYER.formatted(STRANGER);

    add(member, "s3:GetObject", object, true);
    add(member, "s3:GetObject", object, "false", false);
    add(new Caller("another one's", all, foreign, OTHER_ID), "s3:GetObject", object, false);
    add(new Caller("a stranger", all, foreign, ""), "s3:GetObject", object, false);
    for (String action :
        List.of("s3:PutObject", "s3:DeleteObject", "s3:PutObjectAcl", "s3:GetObjectVersion")) {
      add(member, action, object, false);
    }
    for (String action : List.of("s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket")) {
      add(member, action, BUCKET, false);
    }
  }

  private static void add(Caller caller, String action, String resource, boolean allowed) {
    add(caller, action, resource, "true", allowed);
  }

  private static void add(
      Caller caller, String action, String resource, String tls, boolean allowed) {
    Map<String, String> context = new HashMap<>();
    context.put("aws:PrincipalArn", caller.arn());
    context.put("aws:SecureTransport", tls);
    if (!caller.organization().isEmpty()) {
      context.put("aws:PrincipalOrgID", caller.organization());
    }
    ROWS.add(
        new Row(
            caller.who(),
            new PolicySimulator.Request(
                caller.policy(),
                Optional.ofNullable(RESOURCE_POLICIES.get(resource.replaceFirst("/.*zip$", "")))
                    .stream()
                    .toList(),
                caller.arn(),
                Deployment.ACCOUNT,
                action,
                resource,
                context),
            allowed));
  }

  private static JsonNode document(JsonNode statements, String reference, String arn)
      throws Exception {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    policy.set("Statement", statements);
    return new JsonMapper().readTree(policy.toString().replace(reference, arn));
  }

  /** What an administrator of another account gives its role. */
  private static JsonNode allow(String action) throws Exception {
    return new JsonMapper()
        .readTree(
            """
            {"Version":"2012-10-17",
             "Statement":[{"Effect":"Allow","Action":"%s","Resource":"*"}]}"""
                .formatted(action));
  }

  @Test
  void onlyMembersReadTheCodeAndOnlyTheirGuardsReport() {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < ROWS.size(); i++) {
      Row row = ROWS.get(i);
      boolean right =
          row.allowed() ? ANSWERS.get(i).equals("Allowed") : ANSWERS.get(i).endsWith("Denied");
      if (!right) {
        wrong.add("%s: %s: %s".formatted(row.who(), row.request(), ANSWERS.get(i)));
      }
    }

    assertThat(ROWS).extracting(Row::allowed).contains(true, false);
    assertThat(wrong).isEmpty();
  }

  @Test
  void theBucketIsPrivateAndKeepsWhatItHad() throws Exception {
    JsonNode bucket = Organization.central().properties("CodeBucket");

    assertThat(bucket.path("PublicAccessBlockConfiguration").properties())
        .hasSize(4)
        .allMatch(block -> block.getValue().asBoolean());
    assertThat(bucket.at("/VersioningConfiguration/Status").asText()).isEqualTo("Enabled");
  }

  /** The alarm's query may read this log group, and nothing else of the account. */
  @Test
  void theQuerysRoleMayQueryTheReports() throws Exception {
    JsonNode role = Organization.central().properties("SilenceRole");

    assertThat(role.at("/Policies/0/PolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Sid":"QueryReports","Effect":"Allow","Action":"logs:StartQuery","Resource":"ReportsLogGroup.Arn"},\
            {"Sid":"ReadResults","Effect":"Allow","Action":["logs:GetQueryResults","logs:StopQuery"],"Resource":"*"}]""");
    assertThat(role.at("/AssumeRolePolicyDocument/Statement").toString())
        .isEqualTo(
            """
            [{"Effect":"Allow","Principal":{"Service":"logs.amazonaws.com"},"Action":"sts:AssumeRole",\
            "Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]""");
  }
}
