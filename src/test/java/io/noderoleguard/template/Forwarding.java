package io.noderoleguard.template;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The stack that forwards IAM's events to the guard's Region. */
final class Forwarding {

  static final Path TEMPLATE = Path.of("deploy", "forward-iam-events.yaml");

  static final String GUARD_ROLE_ARN = "arn:aws:iam::123456789012:role/guard-GuardRole-1ABC";

  private static final Pattern PARAMETER = Pattern.compile("([A-Z]\\w+)='?([^' ]+)'?");

  private Forwarding() {}

  /** What is deployed in a Region, with the defaults of the parameters that are not given. */
  static Deployment in(String partition, String region, Map<String, String> parameters)
      throws Exception {
    return Deployment.of(TEMPLATE, partition, region, parameters);
  }

  /** What is deployed by the command in an output of the guard's stack. */
  static Deployment by(String command) throws Exception {
    Map<String, String> parameters = new HashMap<>();
    PARAMETER
        .matcher(command)
        .results()
        .forEach(parameter -> parameters.put(parameter.group(1), parameter.group(2)));
    parameters.replace("GuardRoleArn", "GuardRole.Arn", GUARD_ROLE_ARN);
    return in("aws", "us-east-1", parameters);
  }
}
