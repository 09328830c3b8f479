package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.IamError.IamException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * IAM's checks of a call's parameters against its service model, all of which are reported
 * together.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html">Role</a>
 */
final class Constraints {

  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]+");
  private static final Pattern PATH = Pattern.compile("/|/[\\x21-\\x7e]+/");
  private static final String TAG_PATTERN = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
  private static final Pattern TAG_KEY = Pattern.compile(TAG_PATTERN + "+");
  private static final Pattern TAG_VALUE = Pattern.compile(TAG_PATTERN + "*");
  private static final int MAX_TAGS = 50;
  private static final int MAX_KEY = 128;
  private static final int MAX_VALUE = 256;

  private final List<String> violations = new ArrayList<>();

  Constraints length(String parameter, String value, int min, int max) {
    if (value.length() < min) {
      add(parameter, "Member must have length greater than or equal to " + min);
    }
    if (value.length() > max) {
      add(parameter, "Member must have length less than or equal to " + max);
    }
    return this;
  }

  Constraints range(String parameter, int value, int min, int max) {
    if (value < min) {
      add(parameter, "Member must have value greater than or equal to " + min);
    }
    if (value > max) {
      add(parameter, "Member must have value less than or equal to " + max);
    }
    return this;
  }

  Constraints tags(List<RoleSettings.Tag> tags) {
    if (tags.size() > MAX_TAGS) {
      add("tags", "Member must have length less than or equal to " + MAX_TAGS);
    }
    for (int i = 0; i < tags.size(); i++) {
      String member = "tags." + (i + 1) + ".member.";
      RoleSettings.Tag tag = tags.get(i);
      length(member + "key", tag.key(), 1, MAX_KEY);
      pattern(member + "key", tag.key(), TAG_KEY);
      length(member + "value", tag.value(), 0, MAX_VALUE);
      pattern(member + "value", tag.value(), TAG_VALUE);
    }
    return this;
  }

  Constraints tagKeys(List<String> keys) {
    if (keys.size() > MAX_TAGS) {
      add("tagKeys", "Member must have length less than or equal to " + MAX_TAGS);
    }
    // Members of a plain list are reported by the list's name and with every rule at once.
    if (!keys.stream().allMatch(key -> key.length() <= MAX_KEY && TAG_KEY.matcher(key).matches())) {
      add(
          "tagKeys",
          "Member must satisfy constraint: [Member must have length less than or equal to 128,"
              + " Member must have length greater than or equal to 1, Member must satisfy regular"
              + " expression pattern: "
              + TAG_KEY
              + ", Member must not be null]");
    }
    return this;
  }

  private void pattern(String parameter, String value, Pattern pattern) {
    if (!value.isEmpty() && !pattern.matcher(value).matches()) {
      add(parameter, "Member must satisfy regular expression pattern: " + pattern);
    }
  }

  private void add(String parameter, String rule) {
    violations.add("Value at '" + parameter + "' failed to satisfy constraint: " + rule);
  }

  /** Refuses the call if any constraint does not hold. */
  void check() {
    if (!violations.isEmpty()) {
      throw IamError.validationError(
              violations.size()
                  + (violations.size() == 1 ? " validation error" : " validation errors")
                  + " detected: "
                  + String.join("; ", violations))
          .exception();
    }
  }

  static String required(Call call, String name) {
    return call.parameter(name).orElseThrow(() -> missing(parameterOf(name)));
  }

  static IamException missing(String parameter) {
    return IamError.validationError(
            "1 validation error detected: Value at '"
                + parameter
                + "' failed to satisfy constraint: Member must not be null")
        .exception();
  }

  static void roleName(String value) {
    name("roleName", value, 64);
  }

  static void instanceProfileName(String value) {
    name("instanceProfileName", value, 128);
  }

  static void policyName(String value) {
    name("policyName", value, 128);
  }

  private static void name(String parameter, String value, int max) {
    new Constraints().length(parameter, value, 1, max).check();
    if (!NAME.matcher(value).matches()) {
      throw IamError.validationError(
              "The specified value for "
                  + parameter
                  + " is invalid. It must contain only alphanumeric characters and/or the"
                  + " following: +=,.@_-")
          .exception();
    }
  }

  static void path(String value) {
    new Constraints().length("path", value, 1, 512).check();
    if (!PATH.matcher(value).matches()) {
      throw IamError.validationError(
              "The specified value for path is invalid. It must begin and end with / and contain"
                  + " only alphanumeric characters and/or / characters.")
          .exception();
    }
  }

  /** The name of a form field as IAM's messages write it. */
  static String parameterOf(String field) {
    return Character.toLowerCase(field.charAt(0)) + field.substring(1);
  }
}
