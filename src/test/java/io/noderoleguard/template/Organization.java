package io.noderoleguard.template;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** An organisation with the central stack and the roll-out, and what its accounts send. */
final class Organization {

  static final Path CENTRAL = Path.of("deploy", "organization", "central.yaml");
  static final Path ROLLOUT = Path.of("deploy", "organization", "rollout.yaml");

  static final String ID = "o-a1b2c3d4e5";
  static final String BUS =
      "arn:aws:events:eu-central-1:123456789012:event-bus/eks-node-role-guard-reports";

  private static final Map<String, String> ROLLED_OUT =
      Map.of(
          "OrganizationalUnitIds", "ou-ab12-c3d4e5f6,ou-ab12-11111111",
          "TargetRegion", "eu-central-1",
          "CodeBucket", "code-123456789012",
          "CodeKey", "function-0.1.0.zip",
          "TemplateKey", "node-role-guard-0.1.0.json",
          "CentralBusArn", BUS);

  private Organization() {}

  /** The central stack in a partition. */
  static Deployment central(String partition, Map<String, String> parameters) throws Exception {
    return Deployment.of(
        CENTRAL, partition, Deployment.REGION, and("OrganizationId", ID, parameters));
  }

  static Deployment central() throws Exception {
    return central("aws", Map.of());
  }

  /** The roll-out with the values that it has no defaults for, and these. */
  static Deployment rollout(String partition, Map<String, String> parameters) throws Exception {
    Map<String, String> all = new HashMap<>(ROLLED_OUT);
    all.putAll(parameters);
    return Deployment.of(ROLLOUT, partition, Deployment.REGION, all);
  }

  private static Map<String, String> and(String name, String value, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(others);
    all.put(name, value);
    return all;
  }

  /**
   * What an account's rule puts on the central bus when a check has ended with a report: Lambda's
   * event as it is, as a bus in another account takes no transformed ones.
   */
  static String reported(String account, String time, String report) {
    return event(account, time, "Success", "Success", report);
  }

  /** The same of a check that ended as an error. */
  static String failed(String account, String time, String message) {
    return event(
        account,
        time,
        "Failure",
        "RetriesExhausted",
        "{\"errorMessage\":\"%s\",\"errorType\":\"io.noderoleguard.lambda.CheckFailedException\"}"
            .formatted(message));
  }

  private static String event(
      String account, String time, String result, String condition, String payload) {
    String function = functionArn(account);
    return """
        {"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718",\
        "detail-type":"Lambda Function Invocation Result - %s","source":"lambda",\
        "account":"%s","time":"%s","region":"eu-central-1",\
        "resources":["arn:aws:events:eu-central-1:%s:event-bus/default","%s"],\
        "detail":{"version":"1.0","timestamp":"%s",\
        "requestContext":{"requestId":"c6af9ac6-7b61-11e6-9a41-93e812345678",\
        "functionArn":"%s","condition":"%s","approximateInvokeCount":1},\
        "requestPayload":{"version":"0","id":"d32c5bdd-eaa4-4b0e-9d1f-7f6a8f1f2c55",\
        "detail-type":"Scheduled Event","source":"aws.scheduler","account":"%s","time":"%s",\
        "region":"eu-central-1","resources":["arn:aws:scheduler:eu-central-1:%s:schedule/default/\
        StackSet-guards-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-GuardFunctionNightly-4QFAJX1ZPKQ2"],\
        "detail":"{}"},"responseContext":{"statusCode":200,"executedVersion":"3"},\
        "responsePayload":%s}}"""
        .formatted(
            result, account, time, account, function, time, function, condition, account, time,
            account, payload);
  }

  /** The function as a stack set's stack names it. */
  static String functionArn(String account) {
    return "arn:aws:lambda:eu-central-1:%s:function:StackSet-guards-1a2b3c4d-5e6f-GuardFunction-A1b2C3d4E5f6:nightly"
        .formatted(account);
  }
}
