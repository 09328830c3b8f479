package io.noderoleguard.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.noderoleguard.json.JsonValue.JsonArray;
import io.noderoleguard.json.JsonValue.JsonBoolean;
import io.noderoleguard.json.JsonValue.JsonNull;
import io.noderoleguard.json.JsonValue.JsonNumber;
import io.noderoleguard.json.JsonValue.JsonObject;
import io.noderoleguard.json.JsonValue.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes JSON.
 *
 * <p>Reading is strict: one value and nothing after it, no member twice (readers differ on which
 * one counts), UTF-8, at most {@value #MAX_DEPTH} levels deep and {@value #MAX_TOKENS} tokens long.
 */
public final class Json {

  /** How deep arrays and objects may be nested; no event or policy comes near it. */
  public static final int MAX_DEPTH = 64;

  /**
   * How many values, names and brackets a text may hold. A text of 6 MB, the largest that Lambda
   * hands over, can hold 4 million, and they would take more memory than the function has.
   */
  private static final int MAX_TOKENS = 100_000;

  /** The longest number or member name; error messages quote a duplicate name. */
  private static final int MAX_LENGTH = 1_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Do not intern member names: they come from untrusted input.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_LENGTH)
                  .maxNameLength(MAX_LENGTH)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private Json() {}

  /**
   * Reads a text.
   *
   * @throws MalformedJsonException when it is not one JSON value
   */
  public static JsonValue parse(String text) throws MalformedJsonException {
    try {
      return parse(new StringReader(text));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Reads a stream to its end.
   *
   * @throws MalformedJsonException when it is not one JSON value, or not UTF-8
   * @throws IOException when the stream itself cannot be read
   */
  public static JsonValue parse(InputStream utf8) throws MalformedJsonException, IOException {
    // Of bytes, the library would guess the encoding. This decoder takes UTF-8, and replaces
    // nothing.
    return parse(new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()));
  }

  private static JsonValue parse(Reader text) throws MalformedJsonException, IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      try {
        JsonToken first = parser.nextToken();
        if (first == null) {
          throw new MalformedJsonException("it is empty");
        }
        JsonValue value = value(parser, first);
        if (parser.nextToken() != null) {
          throw new MalformedJsonException("something follows the JSON value" + place(parser));
        }
        return value;
      } catch (StreamConstraintsException beyond) {
        throw new MalformedJsonException(
            String.format(
                    Locale.ROOT,
                    "it is more than is read: at most %,d levels, %,d values, names and brackets,"
                        + " and %,d characters of a name or a number",
                    MAX_DEPTH,
                    MAX_TOKENS,
                    MAX_LENGTH)
                + place(parser));
      } catch (JsonProcessingException malformed) {
        // Without the cause: its message quotes the text.
        throw new MalformedJsonException("it is not valid JSON" + place(parser));
      } catch (CharacterCodingException malformed) {
        throw new MalformedJsonException("it is not UTF-8");
      }
    }
  }

  private static JsonValue value(JsonParser parser, JsonToken token)
      throws IOException, MalformedJsonException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new JsonString(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText());
      case VALUE_TRUE -> new JsonBoolean(true);
      case VALUE_FALSE -> new JsonBoolean(false);
      case VALUE_NULL -> JsonNull.NULL;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new MalformedJsonException("it is not valid JSON" + place(parser));
    };
  }

  private static JsonObject object(JsonParser parser) throws IOException, MalformedJsonException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (members.put(name, value(parser, parser.nextToken())) != null) {
        throw new MalformedJsonException("the member \"%s\" is there twice".formatted(name));
      }
    }
    return new JsonObject(members);
  }

  private static JsonArray array(JsonParser parser) throws IOException, MalformedJsonException {
    List<JsonValue> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(parser, token));
    }
    return new JsonArray(elements);
  }

  private static String place(JsonParser parser) {
    var location = parser.currentLocation();
    return " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** Writes a value without white space. */
  public static String write(JsonValue value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      write(value, generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(JsonValue value, JsonGenerator generator) throws IOException {
    switch (value) {
      case JsonObject object -> {
        generator.writeStartObject();
        for (var member : object.members().entrySet()) {
          generator.writeFieldName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case JsonArray array -> {
        generator.writeStartArray();
        for (JsonValue element : array.elements()) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case JsonString string -> generator.writeString(string.value());
      case JsonNumber number -> generator.writeNumber(number.text());
      case JsonBoolean bool -> generator.writeBoolean(bool.value());
      case JsonNull _ -> generator.writeNull();
    }
  }
}
