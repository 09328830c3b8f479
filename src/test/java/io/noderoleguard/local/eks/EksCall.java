package io.noderoleguard.local.eks;

import io.noderoleguard.local.http.HttpRequest;
import io.noderoleguard.local.iam.Call;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call as it arrived.
 *
 * @param region for which it was signed
 * @param call the operation, with the parameters of its path and query: {@code name} is the
 *     cluster's
 */
public record EksCall(String region, Call call, String body) {

  private static final Pattern SCOPE =
      Pattern.compile("AWS4-HMAC-SHA256 Credential=[^/]+/[0-9]+/(?<region>[^/]+)/eks/aws4_request");

  private record Route(String action, String method, Pattern path) {}

  private static final List<Route> ROUTES =
      List.of(
          route("ListClusters", "GET /clusters"),
          route("DescribeCluster", "GET /clusters/{name}"),
          route("ListNodegroups", "GET /clusters/{name}/node-groups"),
          route("DescribeNodegroup", "GET /clusters/{name}/node-groups/{nodegroupName}"),
          route("ListAccessEntries", "GET /clusters/{name}/access-entries"),
          route("CreateAccessEntry", "POST /clusters/{name}/access-entries"),
          route("DescribeAccessEntry", "GET /clusters/{name}/access-entries/{principalArn}"),
          route("DeleteAccessEntry", "DELETE /clusters/{name}/access-entries/{principalArn}"),
          route(
              "ListAssociatedAccessPolicies",
              "GET /clusters/{name}/access-entries/{principalArn}/access-policies"),
          route(
              "AssociateAccessPolicy",
              "POST /clusters/{name}/access-entries/{principalArn}/access-policies"));

  private static Route route(String action, String methodAndPath) {
    String[] parts = methodAndPath.split(" ", 2);
    return new Route(
        action, parts[0], Pattern.compile(parts[1].replaceAll("\\{([A-Za-z]+)}", "(?<$1>[^/]+)")));
  }

  /** Empty when the request is for no operation, or is not signed for EKS. */
  static Optional<EksCall> of(HttpRequest request) {
    Matcher scope = SCOPE.matcher(request.header("authorization").orElse(""));
    if (!scope.lookingAt()) {
      return Optional.empty();
    }
    for (Route route : ROUTES) {
      Matcher path = route.path().matcher(request.target().getRawPath());
      if (route.method().equals(request.method()) && path.matches()) {
        Map<String, String> parameters = new HashMap<>();
        path.namedGroups()
            .keySet()
            .forEach(name -> parameters.put(name, decoded(path.group(name))));
        Arrays.stream(Optional.ofNullable(request.target().getRawQuery()).orElse("").split("&", -1))
            .map(field -> field.split("=", 2))
            .filter(field -> field.length == 2)
            .forEach(field -> parameters.put(field[0], decoded(field[1])));
        return Optional.of(
            new EksCall(
                scope.group("region"), new Call(route.action(), parameters), request.body()));
      }
    }
    return Optional.empty();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  public String action() {
    return call.action();
  }

  /** What the call names, or an empty text. */
  public String principalArn() {
    return call.parameters().getOrDefault("principalArn", "");
  }

  /** Whether it may change something. */
  public boolean isWrite() {
    return !action().startsWith("List") && !action().startsWith("Describe");
  }

  @Override
  public String toString() {
    return region + " " + call + (body.isEmpty() ? "" : " " + body);
  }
}
