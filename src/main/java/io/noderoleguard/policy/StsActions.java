package io.noderoleguard.policy;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One spelling for each action. Letter case has no meaning in an action, but a person searches for
 * an action as AWS spells it, and a trust policy can name STS actions only.
 */
final class StsActions {

  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
  private static final Map<String, String> SPELLING =
      Stream.of(
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
              "TagSession")
          .map(name -> "sts:" + name)
          .collect(
              Collectors.toMap(action -> action.toLowerCase(Locale.ROOT), Function.identity()));

  private StsActions() {}

  static String canonical(String action) {
    if (!action.chars().allMatch(character -> character < 128)) {
      // Unicode has other letters, such as the Kelvin sign, whose lower case is a Latin letter.
      return action;
    }
    String lowerCase = action.toLowerCase(Locale.ROOT);
    return SPELLING.getOrDefault(lowerCase, lowerCase);
  }
}
