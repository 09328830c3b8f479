package io.noderoleguard.guard;

import io.noderoleguard.report.ReportBuilder;
import io.noderoleguard.report.RoleReport;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Work on many roles side by side, with a bound, in the order in which it was submitted. Closing
 * waits until it is done.
 */
final class Workers implements AutoCloseable {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore permits;
  private final ReportBuilder report;

  /**
   * @param permits the bound, which several may share; fair
   */
  Workers(Semaphore permits, ReportBuilder report) {
    this.permits = permits;
    this.report = report;
  }

  /** Work on one role. If it ends unexpectedly, the role's report says so. */
  void submit(String roleName, Runnable work) {
    Runnable bounded =
        () -> {
          try {
            permits.acquire();
          } catch (InterruptedException interrupted) {
            // The run is over, and the provisional report stands.
            return;
          }
          try {
            work.run();
          } catch (RuntimeException | Error unexpected) {
            report.add(RoleReport.failed(roleName, "Unexpected: " + unexpected));
          } finally {
            permits.release();
          }
        };
    threads.execute(new FutureTask<>(LogFields.carriedTo(Executors.callable(bounded))));
  }

  @Override
  public void close() {
    threads.close();
  }
}
