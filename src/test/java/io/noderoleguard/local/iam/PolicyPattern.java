package io.noderoleguard.local.iam;

import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text of a policy with its wildcards and variables.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html">
 *     policy variables</a>
 */
record PolicyPattern(String text) {

  private static final Pattern TOKEN =
      Pattern.compile("\\$\\{([^},]+)(?:, *'([^']*)')?}|[*?]|[^*?$]+|\\$");
  private static final String LITERALS = "*?$";

  private static final int ARN_PARTS = 6;

  /** Whether the value is this text, its variables replaced; wildcards stand for themselves. */
  boolean equalTo(String value, SimulatedRequest request) {
    return expression(text, request, false)
        .filter(regex -> Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches())
        .isPresent();
  }

  /** Whether the value fits the wildcards. */
  boolean matches(String value, SimulatedRequest request) {
    return matches(text, value, request, Pattern.DOTALL);
  }

  boolean matchesInAnyCase(String value, SimulatedRequest request) {
    return matches(text, value, request, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  }

  /**
   * Whether the ARN fits, part by part. Parts that the pattern leaves out at its end may be
   * anything, as {@code *} alone may. A variable has a value only behind the fifth colon. Of {@code
   * *}, which is no ARN, nothing but that is known.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html">
   *     the Resource element</a>
   */
  boolean matchesArn(String arn, SimulatedRequest request) {
    if (text.equals("*")) {
      return true;
    }
    String[] wanted = text.split(":", ARN_PARTS);
    String[] parts = arn.split(":", ARN_PARTS);
    if (parts.length < ARN_PARTS) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!matches(wanted[i], parts[i], request, Pattern.DOTALL)) {
        return false;
      }
    }
    return true;
  }

  /** The context keys of its variables. */
  Stream<String> variables() {
    return TOKEN
        .matcher(text)
        .results()
        .map(token -> Optional.ofNullable(token.group(1)))
        .flatMap(Optional::stream)
        .map(String::strip)
        .filter(key -> !LITERALS.contains(key));
  }

  private static boolean matches(
      String pattern, String value, SimulatedRequest request, int flags) {
    return expression(pattern, request, true)
        .filter(regex -> Pattern.compile(regex, flags).matcher(value).matches())
        .isPresent();
  }

  /** Empty where a variable has neither a value nor a default: then nothing matches. */
  private static Optional<String> expression(
      String text, SimulatedRequest request, boolean wildcards) {
    StringBuilder regex = new StringBuilder();
    Matcher tokens = TOKEN.matcher(text);
    while (tokens.find()) {
      Optional<String> part = expression(tokens.toMatchResult(), request, wildcards);
      if (part.isEmpty()) {
        return part;
      }
      regex.append(part.get());
    }
    return Optional.of(regex.toString());
  }

  private static Optional<String> expression(
      MatchResult token, SimulatedRequest request, boolean wildcards) {
    Optional<String> variable = Optional.ofNullable(token.group(1)).map(String::strip);
    if (variable.isPresent()) {
      return variable
          .filter(LITERALS::contains)
          .or(() -> request.variable(variable.get()))
          .or(() -> Optional.ofNullable(token.group(2)))
          .map(Pattern::quote);
    }
    return Optional.of(
        switch (token.group()) {
          case "*" -> wildcards ? ".*" : "\\*";
          case "?" -> wildcards ? "." : "\\?";
          default -> Pattern.quote(token.group());
        });
  }
}
