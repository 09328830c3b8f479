package io.noderoleguard.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noderoleguard.local.LocalRunOptions.Target;
import io.noderoleguard.local.cloudformation.CloudFormationReceiver;
import io.noderoleguard.local.cloudtrail.EmbeddedTrail;
import io.noderoleguard.local.events.EmbeddedBus;
import io.noderoleguard.local.iam.EmbeddedIam;
import io.noderoleguard.local.iam.LocalClients;
import io.noderoleguard.local.lambda.FunctionOptions;
import io.noderoleguard.local.lambda.Invocation;
import io.noderoleguard.local.lambda.InvocationFailedException;
import io.noderoleguard.local.lambda.LocalLambda;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;

/** Runs the function on this machine, for a person to see what it does. */
public final class LocalRun {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SCHEDULED = Path.of("events", "scheduled.json");
  private static final Path CREATE = Path.of("events", "cfn-create.json");
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final LocalRunOptions.Run options;
  private final PrintStream out;
  private final Expectations expectations = new Expectations();
  private final Optional<EmbeddedIam> embedded;
  private final Optional<EmbeddedTrail> trail;
  private final Optional<EmbeddedBus> bus;
  private final IamClient iam;
  private final LocalLambda lambda;

  private LocalRun(
      LocalRunOptions.Run options,
      PrintStream out,
      Optional<EmbeddedIam> embedded,
      Optional<EmbeddedTrail> trail,
      Optional<EmbeddedBus> bus,
      IamClient iam,
      LocalLambda lambda) {
    this.options = options;
    this.out = out;
    this.embedded = embedded;
    this.trail = trail;
    this.bus = bus;
    this.iam = iam;
    this.lambda = lambda;
  }

  /**
   * See {@code --help}.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(run(List.of(args), new PrintStream(System.out, true, StandardCharsets.UTF_8)));
  }

  /** The exit status. */
  static int run(List<String> args, PrintStream out) {
    return switch (LocalRunOptions.parse(args)) {
      case LocalRunOptions.Help() -> {
        out.print(LocalRunOptions.USAGE);
        yield 0;
      }
      case LocalRunOptions.Wrong(List<String> errors) -> {
        errors.forEach(out::println);
        out.println("--help explains the options.");
        yield 1;
      }
      case LocalRunOptions.Run options -> run(options, out);
    };
  }

  private static int run(LocalRunOptions.Run options, PrintStream out) {
    try {
      return switch (options.target()) {
        case Target.Embedded() -> {
          try (EmbeddedIam embedded = EmbeddedIam.start();
              EmbeddedTrail trail = EmbeddedTrail.start();
              EmbeddedBus bus = EmbeddedBus.start()) {
            Actors.introduceTo(trail);
            embedded.onWrite(
                (call, accessKeyId) -> trail.record(call.action(), call.parameters(), accessKeyId));
            yield run(
                options,
                out,
                Optional.of(embedded),
                Optional.of(trail),
                Optional.of(bus),
                Optional.of(embedded.endpoint()));
          }
        }
        case Target.Endpoint(URI url) ->
            run(
                options,
                out,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(url));
        case Target.RealAccount() ->
            run(
                options,
                out,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
      };
    } catch (InvocationFailedException | SdkException | IOException | TimeoutException e) {
      out.println("\nThis went wrong: " + Failure.explain(e, options.target()));
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static int run(
      LocalRunOptions.Run options,
      PrintStream out,
      Optional<EmbeddedIam> embedded,
      Optional<EmbeddedTrail> trail,
      Optional<EmbeddedBus> bus,
      Optional<URI> endpoint)
      throws IOException, InterruptedException, TimeoutException {
    try (IamClient iam = client(endpoint)) {
      if (endpoint.isPresent()) {
        RoleDrift.arrange(iam, options.role());
        embedded.ifPresent(EmbeddedIam::forgetCalls);
      }
      try (LocalLambda lambda = function(options, trail, bus, endpoint)) {
        LocalRun run = new LocalRun(options, out, embedded, trail, bus, iam, lambda);
        out.print(introduction(options, endpoint));
        if (options.event().isPresent()) {
          run.oneEvent(options.event().get());
        } else if (endpoint.isPresent()) {
          run.tour();
        } else {
          run.checkOnce();
        }
        return run.conclude();
      }
    }
  }

  private static IamClient client(Optional<URI> endpoint) {
    IamClientBuilder builder = IamClient.builder();
    endpoint.ifPresent(
        url ->
            LocalClients.pointed(builder, url)
                .credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(Actors.PIPELINE_KEY, "local"))));
    return builder.region(Region.of(region())).build();
  }

  private static String region() {
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault(
        "AWS_REGION", environment.getOrDefault("AWS_DEFAULT_REGION", "us-east-1"));
  }

  private static LocalLambda function(
      LocalRunOptions.Run options,
      Optional<EmbeddedTrail> trail,
      Optional<EmbeddedBus> bus,
      Optional<URI> endpoint)
      throws IOException {
    Map<String, String> settings = new TreeMap<>();
    settings.put("ROLE_NAMES", options.role());
    settings.put("MODE", options.audit() ? "Audit" : "Repair");
    // Lets it answer to a receiver on this machine in CloudFormation's place. On a real account it
    // then only audits.
    if (endpoint.isPresent() || options.audit()) {
      settings.put("AWS_SAM_LOCAL", "true");
    }
    trail.ifPresent(
        server -> {
          settings.put("AWS_ENDPOINT_URL_CLOUDTRAIL", server.endpoint().toString());
          settings.put("GUARD_ROLE_ARN", Actors.GUARD_ROLE_ARN);
        });
    bus.ifPresent(
        server -> settings.put("AWS_ENDPOINT_URL_EVENTBRIDGE", server.endpoint().toString()));
    FunctionOptions function = new FunctionOptions();
    if (endpoint.isPresent()) {
      settings.putAll(RoleDrift.SETTINGS);
      settings.put("AWS_ENDPOINT_URL_IAM", endpoint.get().toString());
    } else {
      function.functionArn(functionArn()).credentials(credentials());
    }
    return LocalLambda.start(function.environment(settings));
  }

  private static String functionArn() {
    String region = region();
    return "arn:%s:lambda:%s:123456789012:function:local"
        .formatted(PartitionMetadata.of(Region.of(region)).id(), region);
  }

  /** What the SDK reads: its variables, and where the shared files are. */
  private static Map<String, String> credentials() {
    return System.getenv().entrySet().stream()
        .filter(
            variable ->
                variable.getKey().equals("HOME")
                    || (variable.getKey().startsWith("AWS_")
                        && !variable.getKey().startsWith("AWS_LAMBDA_")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String introduction(LocalRunOptions.Run options, Optional<URI> endpoint) {
    return """

    EKS node role guard, in a JVM of its own under Lambda's runtime client.
    Role %s, mode %s, IAM %s.
    """
        .formatted(
            options.role(),
            options.audit() ? "Audit" : "Repair",
            endpoint
                .map(url -> "at " + url)
                .orElse("of the real account that your credentials belong to"));
  }

  /** Two nights, a change that CloudTrail sees, a Create of CloudFormation's, and a cluster. */
  private void tour() throws IOException, InterruptedException, TimeoutException {
    title("The role before");
    RoleSnapshot before = show();

    title("The first night: " + SCHEDULED);
    Invocation first = invoke(Files.readString(SCHEDULED));
    JsonNode firstReport = showReport(first);
    RoleSnapshot after = readRole();
    if (options.audit()) {
      expectations.equal(
          "the first night's status", "DRIFTED", firstReport.path("status").asText());
      expectations.equal("the role after an audit", before, after);
      expectWrites("the writes of an audit", 0);
    } else {
      expectations.equal(
          "the first night's status", "REPAIRED", firstReport.path("status").asText());
      expectRight(after);
      expectWrites("the writes of the first night", Reports.changes(firstReport).size());
    }
    expectations.equal(
        "the kinds of findings", RoleDrift.FINDINGS, Reports.findingTypes(firstReport));

    expectations.equal(
        "the trust policy that the report keeps",
        List.of(RoleDrift.TRUST_POLICY),
        Reports.previousDocuments(firstReport));

    title("The role after");
    show();

    boolean isRepaired = firstReport.path("status").asText().equals("REPAIRED");
    if (isRepaired) {
      title("Someone lets EC2 tag sessions too, as EKS Auto Mode wants it");
      iam.updateAssumeRolePolicy(
          update ->
              update.roleName(options.role()).policyDocument(RoleDrift.TRUST_POLICY_OF_AUTO_MODE));
      after = show();
    }

    title("The second night: " + SCHEDULED);
    JsonNode secondReport = showReport(invoke(Files.readString(SCHEDULED)));
    expectations.equal(
        "the second night's status",
        options.audit() ? "DRIFTED" : "COMPLIANT",
        secondReport.path("status").asText());
    expectations.equal("the changes of the second night", List.of(), Reports.changes(secondReport));
    expectWrites("the writes of the second night", 0);
    expectations.equal(
        "the notes of the second night",
        isRepaired ? List.of("TrustPolicyTagsSessions") : List.of(),
        Reports.noteTypes(secondReport).stream()
            // Another IAM than the embedded one may simulate nothing.
            .filter(note -> !note.equals("EffectNotVerified"))
            .toList());

    if (isRepaired && trail.isPresent() && bus.isPresent()) {
      changeOfAPipeline(trail.get(), bus.get());
    }

    title("CloudFormation creates the custom resource: " + CREATE);
    JsonNode answer = answerOf((ObjectNode) JSON.readTree(Files.readString(CREATE)));
    expectations.equal(
        "CloudFormation's answer",
        options.audit() ? "FAILED" : "SUCCESS",
        answer.path("Status").asText());
    if (!options.audit()) {
      expectations.equal("!Ref", options.role(), answer.path("PhysicalResourceId").asText());
      expectations.equal("!GetAtt Arn", after.arn(), answer.path("Data").path("Arn").asText());
    }
    expectWrites("the writes for CloudFormation", 0);
    expectations.equal("the role at the end", after, readRole());

    if (isRepaired && embedded.isPresent()) {
      new RecreatedRole(embedded.get(), options.role(), out, this::title, expectations)
          .tell(SCHEDULED);
    }
  }

  /** Somebody detaches a policy, and CloudTrail's event about it has it attached again. */
  private void changeOfAPipeline(EmbeddedTrail trail, EmbeddedBus bus)
      throws IOException, InterruptedException {
    title("A pipeline detaches a policy, and CloudTrail sees it");
    iam.detachRolePolicy(
        call -> call.roleName(options.role()).policyArn(RoleDrift.DETACHED_BY_PIPELINE));
    Invocation invocation = invoke(Reports.queued(trail.lastEvent()));
    expectations.equal("the answer to SQS", "{\"batchItemFailures\":[]}", bodyOf(invocation));
    expectations.equal("the number of reports on the event bus", 1, bus.events().size());
    JsonNode report =
        bus.events().stream()
            .findFirst()
            .map(event -> event.at("/detail/responsePayload"))
            .orElse(JSON.createObjectNode());
    show(report);
    String message = report.path("summary").asText();
    out.println("  The message: " + message);
    expectations.equal(
        "the status after the pipeline's change", "REPAIRED", report.path("status").asText());
    expectations.equal("the cause", "RoleChanged", report.path("cause").path("type").asText());
    expectations.equal(
        "who changed the role", Actors.PIPELINE_ARN, report.path("cause").path("by").asText());
    expectations.equal(
        "whether the message names it", true, message.contains(" by " + Actors.PIPELINE_ARN));
    expectWrites("the writes after the pipeline's change", 1);
  }

  /** A nightly event in a real account. */
  private void checkOnce() throws IOException, InterruptedException {
    title("The role before");
    show();
    title("A nightly event: " + SCHEDULED);
    JsonNode report = showReport(invoke(Files.readString(SCHEDULED)));
    expectations.notEqual("the status", "FAILED", report.path("status").asText());
    title("The role after");
    show();
  }

  private void oneEvent(Path file) throws IOException, InterruptedException, TimeoutException {
    title("The role before");
    show();
    title("The event " + file);
    String event = Files.readString(file);
    Optional<ObjectNode> fromCloudFormation = Reports.cloudFormationEvent(event);
    if (fromCloudFormation.isPresent()) {
      answerOf(fromCloudFormation.get());
    } else {
      Invocation invocation = invoke(event);
      out.println(Reports.pretty(invocation.body()));
    }
    embedded.ifPresent(server -> out.println("\nWrites: " + server.writes().size()));
    title("The role after");
    show();
  }

  private Invocation invoke(String event) throws IOException, InterruptedException {
    embedded.ifPresent(EmbeddedIam::forgetCalls);
    Invocation invocation = lambda.invoke(event);
    invocation
        .error()
        .ifPresent(
            error -> {
              out.println("The invocation failed: " + error.errorMessage());
              expectations.add("an answer", "the error " + error.errorMessage());
            });
    return invocation;
  }

  private JsonNode answerOf(ObjectNode event)
      throws IOException, InterruptedException, TimeoutException {
    try (CloudFormationReceiver receiver = CloudFormationReceiver.start()) {
      event.put("ResponseURL", receiver.responseUrl().toString());
      if (options.event().isEmpty()) {
        event.withObject("/ResourceProperties").put("RoleName", options.role());
      }
      invoke(event.toString());
      CloudFormationReceiver.Request answer = receiver.awaitAnswer(ANSWER_LIMIT);
      out.println("CloudFormation gets:");
      out.println(Reports.pretty(answer.body()));
      expectations.equal("the number of answers", 1, receiver.requests().size());
      return JSON.readTree(answer.body());
    }
  }

  private JsonNode showReport(Invocation invocation) throws IOException {
    if (invocation.error().isPresent()) {
      return JSON.createObjectNode();
    }
    JsonNode report = JSON.readTree(invocation.body());
    show(report);
    return report;
  }

  private void show(JsonNode report) {
    out.print(Reports.describe(report));
    embedded.ifPresent(
        server ->
            out.printf(
                "  %d calls to IAM, %d of them writes%n",
                server.calls().size(), server.writes().size()));
  }

  private static String bodyOf(Invocation invocation) {
    return invocation.error().isPresent() ? "an error" : invocation.body();
  }

  private RoleSnapshot show() {
    Optional<RoleSnapshot> role = RoleSnapshot.read(iam, options.role());
    out.print(role.map(RoleSnapshot::describe).orElse("  There is no such role.\n"));
    return role.orElse(RoleSnapshot.NONE);
  }

  private RoleSnapshot readRole() {
    return RoleSnapshot.read(iam, options.role()).orElse(RoleSnapshot.NONE);
  }

  /** Whether the role is right is asked of IAM itself. */
  private void expectRight(RoleSnapshot role) {
    expectations.equal(
        "the trust policy",
        List.of("Allow Service ec2.amazonaws.com: sts:AssumeRole"),
        role.trust());
    expectations.equal("the managed policies", RoleDrift.POLICIES_AFTER_REPAIR, role.attached());
    expectations.equal("the inline policies", List.of(RoleDrift.INLINE_POLICY), role.inline());
    expectations.equal("the instance profiles", List.of(options.role()), role.instanceProfiles());
    expectations.equal("the boundary", Optional.of(RoleDrift.BOUNDARY), role.boundary());
    expectations.equal("the tags", RoleDrift.TAGS_AFTER_REPAIR, role.tags());
  }

  /** Only the embedded IAM keeps a record of the calls; of others, the state must do. */
  private void expectWrites(String what, int count) {
    embedded.ifPresent(server -> expectations.equal(what, count, server.writes().size()));
  }

  private void title(String text) {
    out.printf("%n%s%n%s%n", text, "-".repeat(text.length()));
  }

  private int conclude() {
    out.println();
    if (expectations.failed().isEmpty()) {
      out.println("All went as it should.");
      return 0;
    }
    out.println("This did not go as it should:");
    expectations.failed().forEach(failed -> out.println("  " + failed));
    return 1;
  }
}
