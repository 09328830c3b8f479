package io.noderoleguard.trail;

import io.noderoleguard.json.JsonValue;
import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import io.noderoleguard.json.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A call to IAM as CloudTrail <a
 * href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html">recorded</a>
 * it. Whatever it says is shown to people, and tells which role to read; nothing is decided by it.
 *
 * @param action as IAM's API names it: {@code DetachRolePolicy}
 * @param at when IAM was called, to the second
 * @param isRefused whether it failed and changed nothing
 * @param isRead whether it could not change anything
 */
public record RecordedCall(
    String action,
    Subject subject,
    Caller caller,
    Optional<Instant> at,
    Optional<String> eventId,
    boolean isRefused,
    boolean isRead) {

  /** The earliest first; those without a time before all others. */
  public static final Comparator<RecordedCall> BY_TIME =
      Comparator.comparing(call -> call.at().orElse(Instant.MIN));

  private static final Pattern ACTION = Pattern.compile("[A-Za-z0-9]{1,64}");
  private static final int MAX_ID = 64;

  /**
   * Reads a record.
   *
   * @param time when it was, where the record itself does not say
   * @throws UnreadableRecordException when it is none of a call to IAM
   */
  public static RecordedCall read(JsonObject record, JsonValue time)
      throws UnreadableRecordException {
    if (!isAbsentOr(record.get("eventSource"), "iam.amazonaws.com")) {
      throw new UnreadableRecordException("its eventSource is not iam.amazonaws.com");
    }
    if (!(record.get("eventName") instanceof JsonString(var action))
        || !ACTION.matcher(action).matches()) {
      throw new UnreadableRecordException("its eventName is not the name of an action");
    }
    return new RecordedCall(
        action,
        Subject.read(record.get("requestParameters")),
        Caller.read(record),
        instant(record.get("eventTime")).or(() -> instant(time)),
        record.get("eventID") instanceof JsonString(var id)
            ? Optional.of(Text.printable(id, MAX_ID))
            : Optional.empty(),
        record.get("errorCode") != JsonNull.NULL,
        isTrue(record.get("readOnly")));
  }

  private static boolean isAbsentOr(JsonValue value, String text) {
    return value == JsonNull.NULL || value.equals(new JsonString(text));
  }

  private static boolean isTrue(JsonValue value) {
    return value.equals(new JsonBoolean(true)) || value.equals(new JsonString("true"));
  }

  private static Optional<Instant> instant(JsonValue time) {
    try {
      return time instanceof JsonString(var text)
          ? Optional.of(Instant.parse(text))
          : Optional.empty();
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /** Whether it may have changed something. */
  public boolean isEffective() {
    return !isRefused && !isRead;
  }

  /** Whether it was made in a session of that role. */
  public boolean isBy(String roleArn) {
    return caller.issuer().equals(Optional.of(roleArn));
  }

  /** What was done, as a clause: "AmazonEKS_CNI_Policy was detached". */
  public String words() {
    return switch (action) {
      case "AttachRolePolicy" -> policy() + " was attached";
      case "DetachRolePolicy" -> policy() + " was detached";
      case "PutRolePolicy" -> inlinePolicy() + " was written";
      case "DeleteRolePolicy" -> inlinePolicy() + " was deleted";
      case "UpdateAssumeRolePolicy" -> "The trust policy was replaced";
      case "CreateRole" -> "The role was created";
      case "DeleteRole" -> "The role was deleted";
      case "UpdateRole", "UpdateRoleDescription" -> "The role's settings were changed";
      case "TagRole" -> "Tags were set";
      case "UntagRole" -> "Tags were removed";
      case "PutRolePermissionsBoundary" -> "The permissions boundary was set";
      case "DeleteRolePermissionsBoundary" -> "The permissions boundary was removed";
      case "AddRoleToInstanceProfile" -> "The role was added to the " + profile();
      case "RemoveRoleFromInstanceProfile" -> "The role was removed from the " + profile();
      case "CreateInstanceProfile" -> "The %s was created".formatted(profile());
      case "DeleteInstanceProfile" -> "The %s was deleted".formatted(profile());
      case "CreatePolicyVersion" -> policy() + " got a new version";
      case "SetDefaultPolicyVersion" -> policy() + " got another default version";
      case "DeletePolicyVersion" -> "A version of %s was deleted".formatted(policy());
      case "DeletePolicy" -> policy() + " was deleted";
      default -> action + " was called";
    };
  }

  /** What a repair did about it, as a participle: "attached again". */
  public String undone() {
    return switch (action) {
      case "DetachRolePolicy" -> "attached again";
      case "DeleteRole", "DeleteInstanceProfile" -> "created again";
      case "RemoveRoleFromInstanceProfile" -> "added again";
      default -> "repaired";
    };
  }

  private String policy() {
    return subject
        .policyArn()
        .map(arn -> arn.substring(arn.lastIndexOf('/') + 1))
        .orElse("A policy");
  }

  private String inlinePolicy() {
    return subject.policyName().map("The inline policy %s"::formatted).orElse("An inline policy");
  }

  private String profile() {
    return "instance profile" + subject.instanceProfileName().map(" %s"::formatted).orElse("");
  }
}
