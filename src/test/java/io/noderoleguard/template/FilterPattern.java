package io.noderoleguard.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The subset of CloudWatch Logs' <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html">filter
 * patterns</a> that the templates use: of a JSON line, fields that exist ({@code $.a.b = *}) or
 * equal a text in which {@code *} stands for any characters, combined by {@code &&}, {@code ||} and
 * parentheses. Anything else is refused.
 */
final class FilterPattern {

  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\\$\\.[A-Za-z_.-]+|\"[^\"]*\"|&&|\\|\\||[(){}=*])\\s*");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  private FilterPattern(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw refused();
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
  }

  /**
   * What a pattern matches.
   *
   * @throws IllegalArgumentException if it is not in the subset
   */
  static Predicate<JsonNode> parse(String text) {
    FilterPattern pattern = new FilterPattern(text);
    pattern.expect("{");
    Predicate<JsonNode> matched = pattern.either();
    pattern.expect("}");
    if (pattern.next < pattern.tokens.size()) {
      throw pattern.refused();
    }
    return matched;
  }

  private Predicate<JsonNode> either() {
    Predicate<JsonNode> matched = both();
    while (accept("||")) {
      matched = matched.or(both());
    }
    return matched;
  }

  private Predicate<JsonNode> both() {
    Predicate<JsonNode> matched = term();
    while (accept("&&")) {
      matched = matched.and(term());
    }
    return matched;
  }

  private Predicate<JsonNode> term() {
    if (accept("(")) {
      Predicate<JsonNode> matched = either();
      expect(")");
      return matched;
    }
    String field = token();
    expect("=");
    String value = token();
    if (!field.startsWith("$.") || !(value.equals("*") || value.startsWith("\""))) {
      throw refused();
    }
    String place = field.substring(1).replace('.', '/');
    if (value.equals("*")) {
      return line -> !line.at(place).isMissingNode();
    }
    Pattern wanted =
        Pattern.compile(
            Stream.of(value.substring(1, value.length() - 1).split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    return line -> line.at(place).isTextual() && wanted.matcher(line.at(place).asText()).matches();
  }

  private String token() {
    if (next >= tokens.size()) {
      throw refused();
    }
    return tokens.get(next++);
  }

  private boolean accept(String token) {
    if (next < tokens.size() && tokens.get(next).equals(token)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw refused();
    }
  }

  private IllegalArgumentException refused() {
    return new IllegalArgumentException("Not a filter pattern of the subset: " + text);
  }
}
