package io.noderoleguard.local.iam;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Serves an {@link EmbeddedIam} to other programs: {@code exec:exec@iam}. */
final class ServeIam {

  private ServeIam() {}

  /**
   * Serves an account until the process is ended.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) throws InterruptedException {
    switch (ServeIamOptions.parse(args)) {
      case ServeIamOptions.Help() -> System.out.print(ServeIamOptions.USAGE);
      case ServeIamOptions.Wrong(List<String> errors) -> {
        errors.forEach(System.err::println);
        System.err.print(ServeIamOptions.USAGE);
        System.exit(2);
      }
      case ServeIamOptions.Serve options -> serve(options);
    }
  }

  private static void serve(ServeIamOptions.Serve options) throws InterruptedException {
    IamAccount account = new IamAccount(options.partition(), options.accountId());
    if (options.drifted()) {
      DriftedRole.addTo(account);
    }
    EmbeddedIam iam;
    try {
      iam = EmbeddedIam.start(account, options.host(), options.port());
    } catch (UncheckedIOException e) {
      System.err.println(e.getMessage() + ": " + e.getCause());
      System.exit(1);
      return;
    }
    System.out.print(options.welcome(iam.endpoint()));
    System.out.flush();
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    if (Boolean.getBoolean("end.with.parent") && parent.isPresent()) {
      // Maven cannot end what it started when it is killed itself.
      parent.get().onExit().join();
      System.exit(0);
    }
    Thread.currentThread().join();
  }
}
