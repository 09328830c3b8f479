package io.noderoleguard.policy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One spelling for each action. Letter case has no meaning in an action, but a person searches for
 * an action as AWS spells it, and a trust policy can name STS actions only.
 */
final class StsActions {

  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
  private static final Map<String, String> SPELLING =
      byLowerCase(
          "AssumeRole",
          "AssumeRoleWithSAML",
          "AssumeRoleWithWebIdentity",
          "AssumeRoot",
          "DecodeAuthorizationMessage",
          "GetAccessKeyInfo",
          "GetCallerIdentity",
          "GetFederationToken",
          "GetServiceBearerToken",
          "GetSessionToken",
          "SetContext",
          "SetSourceIdentity",
          "TagSession");

  private StsActions() {}

  private static Map<String, String> byLowerCase(String... names) {
    Map<String, String> spelling = new HashMap<>();
    for (String name : names) {
      String action = "sts:" + name;
      spelling.put(action.toLowerCase(Locale.ROOT), action);
    }
    return spelling;
  }

  static String canonical(String action) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(action)) {
      // Unicode has other letters, such as the Kelvin sign, whose lower case is a Latin letter.
      return action;
    }
    String lowerCase = action.toLowerCase(Locale.ROOT);
    return SPELLING.getOrDefault(lowerCase, lowerCase);
  }
}
