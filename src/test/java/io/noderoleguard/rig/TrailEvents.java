package io.noderoleguard.rig;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Events of EventBridge about calls to IAM: some that AWS sent, with other names and numbers in
 * them, and some made like these.
 */
public final class TrailEvents {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("src", "test", "resources", "cloudtrail");
  private static final String DETACHED = "03-detach-role-policy-terraform.json";

  private TrailEvents() {}

  /** The names of the recorded ones. */
  public static List<String> recorded() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** One of them. */
  public static ObjectNode recorded(String name) throws IOException {
    return (ObjectNode) JSON.readTree(FOLDER.resolve(name).toFile());
  }

  /** A policy that was detached from NodeInstanceRole with Terraform. */
  public static ObjectNode detached() throws IOException {
    return recorded(DETACHED);
  }

  /** Another call, by the same caller; parameters are names and values in turn. */
  public static ObjectNode like(String action, String... parameters) throws IOException {
    ObjectNode event = detached();
    ObjectNode named = detail(event).put("eventName", action).putObject("requestParameters");
    for (int i = 0; i < parameters.length; i += 2) {
      named.put(parameters[i], parameters[i + 1]);
    }
    return event;
  }

  /** The record of the call itself. */
  public static ObjectNode detail(ObjectNode event) {
    return (ObjectNode) event.path("detail");
  }

  /** The parameters of a call about a role and a policy. */
  public static ObjectNode requestParameters(String roleName, String policyArn) {
    return JSON.createObjectNode().put("roleName", roleName).put("policyArn", policyArn);
  }

  /** A batch of messages with the IDs m1, m2 and so on. */
  public static String batch(List<String> bodies) {
    ObjectNode batch = JSON.createObjectNode();
    ArrayNode records = batch.putArray("Records");
    for (String body : bodies) {
      records
          .addObject()
          .put("messageId", "m" + records.size())
          .put("receiptHandle", "r")
          .put("body", body)
          .put("eventSource", "aws:sqs")
          .put("eventSourceARN", "arn:aws:sqs:us-east-1:123456789012:changes")
          .put("awsRegion", "us-east-1");
    }
    return batch.toString();
  }
}
