package io.noderoleguard.local.iam;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.noderoleguard.local.iam.PolicyStatement.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy that a simulation takes into account.
 *
 * @param id what IAM calls it in an answer
 * @param type IAM's word for what it is; not one of those in the API's reference
 */
record PolicySource(String id, String type, List<PolicyStatement> statements) {

  private static final JsonMapper JSON = new JsonMapper();

  /** A policy of the role itself, inline or attached. */
  static PolicySource identity(String id, String document) {
    return new PolicySource(id, "IAM Policy", read(document));
  }

  static PolicySource boundary(String id, String document) {
    return new PolicySource(id, "Permissions Boundary Policy", read(document));
  }

  /** It is never named in an answer. */
  static PolicySource serviceControl(String document) {
    return new PolicySource("", "none", read(document));
  }

  private static List<PolicyStatement> read(String document) {
    try (JsonParser parser = JSON.createParser(document)) {
      List<PolicyStatement> statements = new ArrayList<>();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isStatement = parser.currentName().equals("Statement");
        JsonToken value = parser.nextToken();
        if (!isStatement) {
          parser.skipChildren();
        } else if (value == JsonToken.START_ARRAY) {
          // IAM counts the space before a statement as part of it.
          Position start = position(parser);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            statements.add(statement(parser, start));
            start = position(parser);
          }
        } else {
          statements.add(statement(parser, position(parser)));
        }
      }
      return List.copyOf(statements);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PolicyStatement statement(JsonParser parser, Position start) throws IOException {
    JsonNode statement = parser.readValueAsTree();
    return PolicyStatement.of(statement, start, position(parser));
  }

  private static Position position(JsonParser parser) {
    JsonLocation location = parser.currentLocation();
    return new Position(location.getLineNr(), location.getColumnNr());
  }
}
