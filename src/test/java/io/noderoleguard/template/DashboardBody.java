package io.noderoleguard.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The dashboard's widgets as the stack creates them. */
public final class DashboardBody {

  private DashboardBody() {}

  /** The dashboard of a stack with the default parameters. */
  public static JsonNode withDefaults() throws Exception {
    return of(Deployment.withDefaults());
  }

  static JsonNode of(Deployment deployment) throws Exception {
    return new JsonMapper()
        .readTree(deployment.properties("Dashboard").path("DashboardBody").asText());
  }
}
