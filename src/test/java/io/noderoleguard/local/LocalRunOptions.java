package io.noderoleguard.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command line of {@link LocalRun}. */
sealed interface LocalRunOptions {

  String USAGE =
      """
      Runs the function on this machine, under Lambda's own runtime client.

        mvn -q test-compile exec:exec@local [-Dargs="OPTIONS"]

      Without options: a tour. An IAM inside this JVM begins with a node role that has drifted in
      every way; the function gets two nightly events, one that CloudTrail makes of a change
      by somebody else, and a Create of CloudFormation's. In the end the role of a cluster's
      nodes is deleted, and nodes can join again after one more night.

        --event FILE     send this event, and show what comes back, instead of the tour; an event
                         of CloudFormation's is answered to a receiver on this machine
        --endpoint URL   use the IAM at this URL, such as moto's, with made-up credentials; the
                         role is made there, or made to drift
        --real-account   use the real IAM, with the credentials that the AWS CLI would use; nothing
                         is made to drift, and nothing is changed unless --mode Repair is given
        --mode MODE      Repair or Audit (Repair; with --real-account: Audit); in Repair a real
                         account takes no event of CloudFormation's
        --role NAME      the role (the one that the event names, or NodeInstanceRole)
        --help           show this

      Exit status: 0 if all went as it should, otherwise 1, as Maven has it.
      """;

  /** Show what can be asked for. */
  record Help() implements LocalRunOptions {}

  /** What cannot be done as asked, a line for each reason. */
  record Wrong(List<String> errors) implements LocalRunOptions {
    public Wrong {
      errors = List.copyOf(errors);
    }
  }

  /** Which IAM the function works on. */
  sealed interface Target {

    record Embedded() implements Target {}

    record Endpoint(URI url) implements Target {}

    record RealAccount() implements Target {}
  }

  /**
   * Run the function.
   *
   * @param event the file of an event to send instead of the tour
   */
  record Run(Optional<Path> event, Target target, boolean audit, String role)
      implements LocalRunOptions {}

  static LocalRunOptions parse(List<String> args) {
    return args.contains("--help") ? new Help() : new Parser().parse(args.iterator());
  }

  /** Reads all options, so that all that is wrong with them is said at once. */
  final class Parser {

    private final List<String> errors = new ArrayList<>();
    private Optional<Path> event = Optional.empty();
    private Optional<URI> endpoint = Optional.empty();
    private boolean realAccount;
    private Optional<String> mode = Optional.empty();
    private Optional<String> role = Optional.empty();

    private Parser() {}

    private LocalRunOptions parse(Iterator<String> args) {
      while (args.hasNext()) {
        String option = args.next();
        switch (option) {
          case "--real-account" -> realAccount = true;
          case "--event", "--endpoint", "--mode", "--role" -> {
            if (args.hasNext()) {
              set(option, args.next());
            } else {
              errors.add(option + " needs a value");
            }
          }
          default ->
              errors.add(
                  option
                      + " is unknown; accepted are --event, --endpoint, --real-account, --mode,"
                      + " --role and --help");
        }
      }
      if (realAccount
          && mode.equals(Optional.of("Repair"))
          && event.filter(EventFile::isFromCloudFormation).isPresent()) {
        errors.add("--real-account with --mode Repair takes no event of CloudFormation's");
      }
      if (realAccount && endpoint.isPresent()) {
        errors.add("--real-account and --endpoint exclude each other");
      }
      Optional<String> eventsRole = event.flatMap(EventFile::role);
      if (role.isPresent() && eventsRole.isPresent() && !role.equals(eventsRole)) {
        errors.add(
            "--role %s is not the event's role, %s; leave one of them out"
                .formatted(role.get(), eventsRole.get()));
      }
      return errors.isEmpty()
          ? new Run(
              event,
              target(),
              mode.orElse(realAccount ? "Audit" : "Repair").equals("Audit"),
              role.or(() -> eventsRole).orElse("NodeInstanceRole"))
          : new Wrong(errors);
    }

    private Target target() {
      return realAccount
          ? new Target.RealAccount()
          : endpoint.<Target>map(Target.Endpoint::new).orElseGet(Target.Embedded::new);
    }

    private void set(String option, String value) {
      switch (option) {
        case "--event" -> {
          event = Optional.of(Path.of(value));
          EventFile.problemWith(Path.of(value))
              .ifPresent(problem -> errors.add("--event " + value + " " + problem));
        }
        case "--endpoint" -> {
          check(isEndpoint(value), "--endpoint " + value + " is not an http or https URL");
          if (isEndpoint(value)) {
            endpoint = Optional.of(URI.create(value));
            check(
                !value.toLowerCase(Locale.ROOT).contains(".amazonaws."),
                "--endpoint " + value + " is AWS itself; for that there is --real-account");
          }
        }
        case "--mode" -> {
          mode = Optional.of(value);
          check(
              List.of("Repair", "Audit").contains(value),
              "--mode " + value + " is neither Repair nor Audit");
        }
        default -> {
          role = Optional.of(value);
          check(
              value.matches("[\\w+=,.@-]{1,64}"), "--role " + value + " is not the name of a role");
        }
      }
    }

    private static boolean isEndpoint(String value) {
      return value.matches("https?://[\\w.\\[\\]:-]+(/[\\w./-]*)?");
    }

    private void check(boolean holds, String error) {
      if (!holds) {
        errors.add(error);
      }
    }
  }
}
