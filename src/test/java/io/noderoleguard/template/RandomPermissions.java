package io.noderoleguard.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Policies made by chance, and a request that some of them are about.
 *
 * @param resource {@code *} where the action knows no resources
 * @param context values of those keys that the request has, by key
 */
record RandomPermissions(
    List<JsonNode> policies,
    List<JsonNode> boundary,
    List<List<JsonNode>> organization,
    String action,
    String resource,
    Map<String, List<String>> context) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private record Request(String action, String resource) {}

  private static final List<Request> REQUESTS =
      List.of(
          new Request(
              "ecr:BatchGetImage", "arn:aws:ecr:eu-central-1:123456789012:repository/team/app"),
          new Request("ecr:ListImages", "arn:aws:ecr:us-east-1:123456789012:repository/app"),
          new Request("eks:DescribeCluster", "arn:aws:eks:eu-central-1:123456789012:cluster/prod"),
          new Request(
              "eks-auth:AssumeRoleForPodIdentity",
              "arn:aws:eks:eu-central-1:123456789012:cluster/prod"),
          new Request("sqs:SendMessage", "arn:aws:sqs:eu-central-1:123456789012:jobs"),
          new Request("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/team/Alice"),
          new Request("ecr:GetAuthorizationToken", "*"),
          new Request("ec2:DescribeInstances", "*"),
          new Request("ssmmessages:OpenDataChannel", "*"),
          new Request("iam:ListUsers", "*"));

  /** The simulator loses a variable that no slash precedes at the colon inside it. */
  private static final List<String> RESOURCES =
      List.of(
          "*",
          "*",
          "*",
          "arn:aws:ecr:*:123456789012:repository/team/*",
          "arn:aws:ecr:eu-*-?:*:repository/*app",
          "arn:aws:ecr:*:*:repository/${aws:UserAgent, 'jobs'}*",
          "arn:aws:ecr:*:*:repository/${aws:UserAgent, 'app'}",
          "arn:aws:eks:*:*:cluster/prod",
          "arn:aws:eks:*:*:cluster/PROD",
          "arn:*:eks:*:*:*",
          "arn:aws:sqs:eu-central-?:123456789012:*bs",
          "arn:aws:sqs:*:*:job?",
          "arn:aws:iam::*:user/*/Alice",
          "arn:aws:iam::999999999999:user/*",
          "arn:aws:s3:::logs/*");

  private enum Kind {
    TEXT,
    NUMBER,
    DATE,
    BOOLEAN,
    ARN,
    ADDRESS,
    LIST
  }

  private static final Map<Kind, List<String>> VALUES =
      Map.of(
          Kind.TEXT,
          List.of(
              "a",
              "A",
              "jobs",
              "eu-central-1",
              "us-east-1",
              "eu-*",
              "?",
              "*s",
              "${aws:SourceVpc, 'a'}"),
          Kind.NUMBER,
          List.of("0", "5", "5.5", "60", "-1"),
          Kind.DATE,
          List.of(
              "2026-01-01T00:00:00Z",
              "2026-06-01T12:00:00Z",
              "2026-12-31",
              "2025-05-05T00:00:00+02:00"),
          Kind.BOOLEAN,
          List.of("true", "false", "True"),
          Kind.ARN,
          List.of(
              "arn:aws:sns:eu-central-1:123456789012:alarms",
              "arn:aws:sns:*:*:alarms",
              "arn:aws:sns:*:123456789012:*",
              "arn:aws:ec2:eu-central-1:123456789012:instance/i-1"),
          Kind.ADDRESS,
          List.of("10.0.0.0/8", "10.1.2.3", "192.168.1.0/24", "192.168.1.77"),
          Kind.LIST,
          List.of("team", "Team", "stage", "t*"));

  private static final Map<String, Kind> KEYS =
      new TreeMap<>(
          Map.of(
              "aws:RequestedRegion", Kind.TEXT,
              "aws:UserAgent", Kind.TEXT,
              "aws:SourceVpc", Kind.TEXT,
              "aws:MultiFactorAuthAge", Kind.NUMBER,
              "aws:CurrentTime", Kind.DATE,
              "aws:TokenIssueTime", Kind.DATE,
              "aws:SecureTransport", Kind.BOOLEAN,
              "aws:SourceArn", Kind.ARN,
              "aws:SourceIp", Kind.ADDRESS,
              "aws:TagKeys", Kind.LIST));

  private static final Map<Kind, List<String>> OPERATORS =
      Map.of(
          Kind.TEXT,
          List.of(
              "StringEquals",
              "StringNotEquals",
              "StringEqualsIgnoreCase",
              "StringNotEqualsIgnoreCase",
              "StringLike",
              "StringNotLike"),
          Kind.NUMBER,
          List.of(
              "NumericEquals",
              "NumericNotEquals",
              "NumericLessThan",
              "NumericLessThanEquals",
              "NumericGreaterThan",
              "NumericGreaterThanEquals"),
          Kind.DATE,
          List.of(
              "DateEquals",
              "DateNotEquals",
              "DateLessThan",
              "DateLessThanEquals",
              "DateGreaterThan",
              "DateGreaterThanEquals"),
          Kind.BOOLEAN,
          List.of("Bool"),
          Kind.ARN,
          List.of("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
          Kind.ADDRESS,
          List.of("IpAddress", "NotIpAddress"),
          Kind.LIST,
          List.of(
              "ForAnyValue:StringEquals",
              "ForAnyValue:StringNotEquals",
              "ForAnyValue:StringLike",
              "ForAllValues:StringEquals",
              "ForAllValues:StringNotLike",
              "StringEquals",
              "StringNotEquals"));

  static RandomPermissions of(long seed) {
    return new Dice(new Random(seed)).permissions();
  }

  /** Whether a key's values are a list even where there is one. */
  static boolean isList(String key) {
    return KEYS.get(key) == Kind.LIST;
  }

  private record Dice(Random random) {

    RandomPermissions permissions() {
      Request request = one(REQUESTS);
      return new RandomPermissions(
          policies(request, 1 + random.nextInt(3)),
          policies(request, chance(0.4) ? 1 : 0),
          chance(0.3)
              ? IntStream.rangeClosed(0, random.nextInt(3))
                  .mapToObj(level -> policies(request, 1 + random.nextInt(2)))
                  .toList()
              : List.of(),
          request.action(),
          request.resource(),
          context());
    }

    private Map<String, List<String>> context() {
      Map<String, List<String>> context = new TreeMap<>();
      for (Map.Entry<String, Kind> key : KEYS.entrySet()) {
        if (chance(0.6)) {
          // No wildcards and variables, which mean nothing in a request, and single addresses.
          List<String> values =
              new ArrayList<>(
                  VALUES.getOrDefault(key.getValue(), List.of()).stream()
                      .filter(value -> !value.matches(".*[*?$/].*") || value.startsWith("arn:"))
                      .toList());
          Collections.shuffle(values, random);
          context.put(
              key.getKey(),
              List.copyOf(values.subList(0, isList(key.getKey()) ? 1 + random.nextInt(2) : 1)));
        }
      }
      return context;
    }

    private List<JsonNode> policies(Request request, int number) {
      return IntStream.range(0, number).mapToObj(_ -> policy(request)).toList();
    }

    private JsonNode policy(Request request) {
      ObjectNode policy = JSON.objectNode().put("Version", "2012-10-17");
      ArrayNode statements = policy.putArray("Statement");
      for (int i = 0; i <= random.nextInt(3); i++) {
        statements.add(statement(request));
      }
      return policy;
    }

    private ObjectNode statement(Request request) {
      ObjectNode statement = JSON.objectNode().put("Effect", chance(0.75) ? "Allow" : "Deny");
      boolean notAction = chance(0.2);
      statement.set(notAction ? "NotAction" : "Action", texts(actions(request.action())));
      List<String> resources = new ArrayList<>(RESOURCES);
      resources.addAll(List.of(request.resource(), request.resource()));
      boolean notResource = chance(0.2);
      statement.set(notResource ? "NotResource" : "Resource", texts(resources));
      if (chance(0.5)) {
        statement.set("Condition", condition());
      }
      return statement;
    }

    private static List<String> actions(String action) {
      String service = action.substring(0, action.indexOf(':'));
      String name = action.substring(action.indexOf(':') + 1);
      return List.of(
          "*",
          action,
          action,
          service + ":*",
          service.toUpperCase(Locale.ROOT) + ":" + name.toLowerCase(Locale.ROOT),
          service + ":" + name.substring(0, 3) + "*",
          service + ":?" + name.substring(1),
          service + ":*" + name.substring(name.length() - 2),
          service + ":Tag*",
          "s3:*");
    }

    private ObjectNode condition() {
      ObjectNode condition = JSON.objectNode();
      for (int i = 0; i <= random.nextInt(2); i++) {
        String key = one(List.copyOf(KEYS.keySet()));
        Kind kind = KEYS.getOrDefault(key, Kind.TEXT);
        String operator = one(OPERATORS.getOrDefault(kind, List.of()));
        if (chance(0.15)) {
          condition.putObject("Null").put(key, chance(0.5) ? "true" : "false");
        } else {
          condition
              .putObject(operator + (chance(0.25) ? "IfExists" : ""))
              .set(
                  chance(0.1) ? key.toUpperCase(Locale.ROOT) : key,
                  texts(VALUES.getOrDefault(kind, List.of())));
        }
      }
      return condition;
    }

    /** One text, or a list of up to three. */
    private JsonNode texts(List<String> from) {
      if (chance(0.6)) {
        return JSON.textNode(one(from));
      }
      ArrayNode texts = JSON.arrayNode();
      Stream.generate(() -> one(from)).limit(1 + random.nextInt(3)).distinct().forEach(texts::add);
      return texts;
    }

    private <T> T one(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    private boolean chance(double probability) {
      return random.nextDouble() < probability;
    }
  }
}
