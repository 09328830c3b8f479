package io.noderoleguard.cloudformation;

import io.noderoleguard.json.Json;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.Text;
import io.noderoleguard.report.RoleReport;
import io.noderoleguard.role.InstanceProfile;
import io.noderoleguard.role.RoleState.Present;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An <a
 * href="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html">response
 * to CloudFormation</a>.
 *
 * @param physicalResourceId what {@code !Ref} gives; when an Update's is not the old one,
 *     CloudFormation deletes the old one
 * @param reason why it is FAILED; empty for SUCCESS
 * @param data what {@code !GetAtt} gives
 */
record CustomResourceResponse(
    CustomResourceRequest request,
    String physicalResourceId,
    Optional<String> reason,
    Map<String, String> data) {

  /** What CloudFormation takes at most, in bytes. */
  static final int MAX_BYTES = 4_096;

  /** What CloudFormation takes of a physical ID, in characters. */
  private static final int MAX_ID_LENGTH = 1_024;

  private static final String CUT_NOTE = "… (cut; the function's log has it whole)";

  CustomResourceResponse {
    data = Map.copyOf(data);
  }

  /** The role is compliant. */
  static CustomResourceResponse success(CustomResourceRequest request, RoleReport report) {
    Present role = report.role().orElseThrow();
    Map<String, String> data = new LinkedHashMap<>();
    data.put("Arn", role.arn());
    data.put("RoleArn", role.arn());
    data.put("AwsAuthArn", role.arnWithoutPath());
    data.put("RoleName", role.name());
    data.put("RoleId", role.id());
    // The role was added to the profile between two calls: the list did not show it yet,
    // GetInstanceProfile did.
    Optional<InstanceProfile> profile = role.instanceProfile().or(role::profileOfSameName);
    profile.ifPresent(
        known -> {
          data.put("InstanceProfileArn", known.arn());
          data.put("InstanceProfileName", known.name());
        });
    data.put("Status", report.status().name());
    return new CustomResourceResponse(request, role.name(), Optional.empty(), data);
  }

  /** Nothing is left to be done for a Delete: the guard never deletes a role. */
  static CustomResourceResponse deleted(CustomResourceRequest request) {
    return new CustomResourceResponse(
        request, oldIdOr(request, request.logicalResourceId()), Optional.empty(), Map.of());
  }

  /**
   * The request failed.
   *
   * @param reason what a person can act on; not blank
   */
  static CustomResourceResponse failed(CustomResourceRequest request, String reason) {
    // CloudFormation sends a Delete for the ID of a failed Create.
    return new CustomResourceResponse(
        request,
        oldIdOr(request, "failed-" + request.logicalResourceId()),
        Optional.of(reason),
        Map.of());
  }

  private static String oldIdOr(CustomResourceRequest request, String other) {
    return request
        .physicalResourceId()
        .orElse(other.substring(0, Math.min(other.length(), MAX_ID_LENGTH)));
  }

  /**
   * The body to send: UTF-8, at most {@value #MAX_BYTES} bytes. Where it would be longer, the
   * reason is cut between two characters.
   */
  byte[] body() {
    byte[] whole = body(reason);
    if (whole.length <= MAX_BYTES) {
      return whole;
    }
    if (reason.isEmpty()) {
      return failed(
              request, "The role is compliant, but its attributes are too long for a response.")
          .body();
    }
    String text = reason.get();
    int fits = 0;
    int tooLong = text.length();
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) / 2;
      if (body(Optional.of(cut(text, middle))).length <= MAX_BYTES) {
        fits = middle;
      } else {
        tooLong = middle;
      }
    }
    return body(Optional.of(cut(text, fits)));
  }

  private static String cut(String text, int length) {
    return Text.head(text, length) + CUT_NOTE;
  }

  private byte[] body(Optional<String> stated) {
    JsonObject.Builder body =
        JsonObject.with().member("Status", stated.isEmpty() ? "SUCCESS" : "FAILED");
    stated.ifPresent(text -> body.member("Reason", text));
    body.member("PhysicalResourceId", physicalResourceId)
        .member("StackId", request.stackId())
        .member("RequestId", request.requestId())
        .member("LogicalResourceId", request.logicalResourceId());
    if (!data.isEmpty()) {
      JsonObject.Builder attributes = JsonObject.with();
      data.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(attribute -> attributes.member(attribute.getKey(), attribute.getValue()));
      body.member("Data", attributes.build());
    }
    return Json.write(body.build()).getBytes(StandardCharsets.UTF_8);
  }
}
