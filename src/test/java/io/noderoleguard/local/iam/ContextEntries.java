package io.noderoleguard.local.iam;

import io.noderoleguard.local.iam.SimulatedRequest.ContextValue;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a call tells of the requests to simulate.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html">the
 *     entries</a>
 */
final class ContextEntries {

  private static final String LIST = "List";

  private ContextEntries() {}

  static Map<String, ContextValue> of(Call call) {
    Map<String, ContextValue> context = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<String> names = call.members("ContextEntries", ".ContextKeyName").toList();
    for (int i = 1; i <= names.size(); i++) {
      String name = names.get(i - 1);
      String entry = "ContextEntries.member." + i;
      new Constraints()
          .length("contextEntries." + i + ".member.contextKeyName", name, 5, 256)
          .check();
      String type = call.parameter(entry + ".ContextKeyType").orElse("string");
      List<String> values = call.members(entry + ".ContextKeyValues", "").toList();
      check(name, i, type, values);
      if (context.containsKey(name)) {
        throw IamError.invalidInput("Duplicate context key: " + name + ".").exception();
      }
      context.put(name, new ContextValue(values, type.endsWith(LIST)));
    }
    return context;
  }

  private static void check(String name, int number, String type, List<String> values) {
    if (!type.endsWith(LIST) && values.size() != 1) {
      throw IamError.invalidInput(
              "Context key "
                  + type
                  + " expected a single value, but received "
                  + values.size()
                  + ".")
          .exception();
    }
    for (String value : values) {
      String expected =
          switch (type.endsWith(LIST) ? type.substring(0, type.length() - LIST.length()) : type) {
            case "string", "boolean" -> "";
            case "numeric" -> ConditionOperator.number(value).isPresent() ? "" : "numeric format";
            case "date" -> ConditionOperator.date(value).isPresent() ? "" : "DateTime format";
            case "ip" -> IpRange.of(value).isPresent() ? "" : "IP address";
            case "binary" -> isBase64(value) ? "" : "base-64 encoded binary format";
            default -> throw unknownType(number);
          };
      if (!expected.isEmpty()) {
        throw IamError.invalidInput(
                "Invalid context value for key " + name + ": expected " + expected + ".")
            .exception();
      }
    }
  }

  private static IamError.IamException unknownType(int number) {
    return IamError.validationError(
            "1 validation error detected: Value at 'contextEntries."
                + number
                + ".member.contextKeyType' failed to satisfy constraint: Member must satisfy enum"
                + " value set: [binary, ipList, booleanList, ip, boolean, numericList, dateList,"
                + " numeric, date, stringList, string, binaryList]")
        .exception();
  }

  private static boolean isBase64(String value) {
    try {
      Base64.getDecoder().decode(value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
