package io.noderoleguard.local.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the function is configured, in the words of Lambda's own configuration. */
public final class FunctionOptions {
  String handler = "io.noderoleguard.lambda.GuardHandler::handleRequest";
  String functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:eks-node-role-guard";
  Map<String, String> environment = Map.of();
  // Nothing accepts these: a call that leaves the machine by mistake changes nothing.
  Map<String, String> credentials =
      Map.of(
          "AWS_ACCESS_KEY_ID", "local",
          "AWS_SECRET_ACCESS_KEY", "local",
          "AWS_SESSION_TOKEN", "local");
  int memoryMb = 1024;
  Duration timeout = Duration.ofSeconds(60);
  boolean snapStart;
  List<String> jvmOptions = List.of();
  Path lib = path("function.lib");
  final List<Path> code = new ArrayList<>(List.of(path("function.classes")));

  /** The function of this project. */
  public FunctionOptions() {}

  public FunctionOptions handler(String handler) {
    this.handler = handler;
    return this;
  }

  /** Region and account are taken from it too. */
  public FunctionOptions functionArn(String functionArn) {
    this.functionArn = functionArn;
    return this;
  }

  /** Variables on top of Lambda's own; nothing but PATH comes from this JVM's environment. */
  public FunctionOptions environment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    return this;
  }

  /** Variables of credentials, instead of made-up ones; none leaves the SDK to look for its own. */
  public FunctionOptions credentials(Map<String, String> credentials) {
    this.credentials = Map.copyOf(credentials);
    return this;
  }

  public FunctionOptions memoryMb(int memoryMb) {
    this.memoryMb = memoryMb;
    return this;
  }

  public FunctionOptions timeout(Duration timeout) {
    this.timeout = timeout;
    return this;
  }

  /** Runs the hooks of a published version; the first event is what restores it. */
  public FunctionOptions snapStart(boolean snapStart) {
    this.snapStart = snapStart;
    return this;
  }

  /** Options of the JVM on top of Lambda's own. */
  public FunctionOptions jvmOptions(String... jvmOptions) {
    this.jvmOptions = List.of(jvmOptions);
    return this;
  }

  /** A folder of classes, or a jar, that is packed after the function's own. */
  public FunctionOptions with(Path code) {
    this.code.add(code);
    return this;
  }

  /** Another function than this project's: the folder of its dependencies, and none of its code. */
  public FunctionOptions only(Path lib) {
    this.lib = lib;
    code.clear();
    return this;
  }

  String region() {
    return functionArn.split(":", -1)[3];
  }

  String functionName() {
    return functionArn.split(":", -1)[6];
  }

  static Path path(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException(
          "the system property %s is not set; Maven sets it, see pom.xml".formatted(property));
    }
    return Path.of(value);
  }
}
