package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.SimulatedRequest.ContextValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * What a condition operator says of a key's values.
 *
 * @param name without {@code ForAnyValue:}, {@code ForAllValues:} and {@code IfExists}, in lower
 *     case
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">
 *     the operators</a>
 */
record ConditionOperator(Quantifier quantifier, String name, boolean ifExists) {

  /** Which of several values must fit. */
  enum Quantifier {
    SINGLE,
    ANY,
    ALL
  }

  private static final String ANY_VALUE = "foranyvalue:";
  private static final String ALL_VALUES = "forallvalues:";
  private static final String IF_EXISTS = "ifexists";

  static ConditionOperator of(String written) {
    String name = written.toLowerCase(Locale.ROOT);
    Quantifier quantifier = Quantifier.SINGLE;
    if (name.startsWith(ANY_VALUE)) {
      quantifier = Quantifier.ANY;
      name = name.substring(ANY_VALUE.length());
    } else if (name.startsWith(ALL_VALUES)) {
      quantifier = Quantifier.ALL;
      name = name.substring(ALL_VALUES.length());
    }
    boolean ifExists = name.endsWith(IF_EXISTS);
    return new ConditionOperator(
        quantifier,
        ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name,
        ifExists);
  }

  /**
   * Whether the condition holds.
   *
   * @param actual the key's values in the request, if it has the key
   */
  boolean holds(
      Optional<ContextValue> actual, List<PolicyPattern> wanted, SimulatedRequest request) {
    if (name.equals("null")) {
      String expected = String.valueOf(actual.isEmpty());
      return wanted.stream().anyMatch(value -> value.text().equalsIgnoreCase(expected));
    }
    if (actual.isEmpty()) {
      return switch (quantifier) {
        case ALL -> true;
        // Not even with IfExists, which is asked later.
        case ANY -> false;
        case SINGLE -> ifExists || isNegative();
      };
    }
    List<String> values = actual.get().values();
    return switch (quantifier) {
      case ALL -> values.stream().allMatch(value -> fits(value, wanted, request));
      case ANY -> values.stream().anyMatch(value -> fits(value, wanted, request));
      // Without a set operator a key of several values fits nothing, not even its negation.
      case SINGLE -> !actual.get().isList() && fits(values.getFirst(), wanted, request);
    };
  }

  /** One of several values in the policy is enough, and none may fit where it says "not". */
  private boolean fits(String value, List<PolicyPattern> wanted, SimulatedRequest request) {
    return isComparable(value)
        && isNegative()
            != wanted.stream().anyMatch(pattern -> isOne(value, pattern, request, positive()));
  }

  /** What is no number, address or ARN fits nothing, not even its negation; other types do. */
  private boolean isComparable(String value) {
    return switch (positive()) {
      case "arnequals", "arnlike" -> value.split(":", 6).length == 6;
      case "ipaddress" -> IpRange.address(value).isPresent();
      case "numericequals" -> number(value).isPresent();
      default -> true;
    };
  }

  private boolean isNegative() {
    return name.startsWith("stringnot")
        || name.startsWith("arnnot")
        || name.equals("numericnotequals")
        || name.equals("datenotequals")
        || name.equals("notipaddress");
  }

  private String positive() {
    return isNegative() ? name.replaceFirst("not", "") : name;
  }

  private static boolean isOne(
      String value, PolicyPattern wanted, SimulatedRequest request, String operator) {
    return switch (operator) {
      case "stringequals", "binaryequals" -> wanted.equalTo(value, request);
      case "stringequalsignorecase" ->
          new PolicyPattern(lowerCase(wanted.text())).equalTo(lowerCase(value), request)
              || wanted.equalTo(value, request);
      case "stringlike" -> wanted.matches(value, request);
      case "arnequals", "arnlike" -> wanted.matchesArn(value, request);
      case "bool" -> Boolean.parseBoolean(value) == Boolean.parseBoolean(wanted.text());
      case "ipaddress" -> IpRange.of(wanted.text()).filter(range -> range.holds(value)).isPresent();
      case "numericequals" -> compared(value, wanted, ConditionOperator::number, sign -> sign == 0);
      case "numericlessthan" ->
          compared(value, wanted, ConditionOperator::number, sign -> sign < 0);
      case "numericlessthanequals" ->
          compared(value, wanted, ConditionOperator::number, sign -> sign <= 0);
      case "numericgreaterthan" ->
          compared(value, wanted, ConditionOperator::number, sign -> sign > 0);
      case "numericgreaterthanequals" ->
          compared(value, wanted, ConditionOperator::number, sign -> sign >= 0);
      case "dateequals" -> compared(value, wanted, ConditionOperator::date, sign -> sign == 0);
      case "datelessthan" -> compared(value, wanted, ConditionOperator::date, sign -> sign < 0);
      case "datelessthanequals" ->
          compared(value, wanted, ConditionOperator::date, sign -> sign <= 0);
      case "dategreaterthan" -> compared(value, wanted, ConditionOperator::date, sign -> sign > 0);
      case "dategreaterthanequals" ->
          compared(value, wanted, ConditionOperator::date, sign -> sign >= 0);
      default -> throw new IllegalArgumentException("no such condition operator: " + operator);
    };
  }

  private static <T extends Comparable<T>> boolean compared(
      String value,
      PolicyPattern wanted,
      Function<String, Optional<T>> reading,
      IntPredicate comparison) {
    Optional<T> left = reading.apply(value);
    Optional<T> right = reading.apply(wanted.text());
    return left.isPresent()
        && right.isPresent()
        && comparison.test(left.get().compareTo(right.get()));
  }

  static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A day or a time as ISO 8601 writes them, or seconds since 1970. */
  static Optional<Instant> date(String text) {
    if (text.matches("\\d{1,12}")) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    }
    try {
      return Optional.of(
          text.contains("T")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
