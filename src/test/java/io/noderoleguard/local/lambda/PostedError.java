package io.noderoleguard.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noderoleguard.local.lambda.Invocation.FunctionError;
import java.util.ArrayList;
import java.util.List;

/** Reads the errors that the runtime interface client posts. */
final class PostedError {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PostedError() {}

  static FunctionError parse(String posted) {
    try {
      JsonNode error = JSON.readTree(posted);
      List<String> stackTrace = new ArrayList<>();
      error.path("stackTrace").forEach(frame -> stackTrace.add(frame.asText()));
      return new FunctionError(
          error.path("errorType").asText(), error.path("errorMessage").asText(), stackTrace);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the runtime posted an error that is no JSON", e);
    }
  }
}
