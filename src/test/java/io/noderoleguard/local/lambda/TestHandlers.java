package io.noderoleguard.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.crac.Core;
import org.crac.Resource;

/** Functions that do what functions do, good and bad. They run in a JVM of their own. */
final class TestHandlers {

  private TestHandlers() {}

  /** Answers with the event. */
  public static final class Echo implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      System.out.println("echoing for " + context.getAwsRequestId());
      event.transferTo(answer);
    }
  }

  /** Answers with its environment, the context and the JVM's working directory. */
  public static final class Surroundings implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      Map<String, String> surroundings = new TreeMap<>(System.getenv());
      surroundings.put("remaining", Integer.toString(context.getRemainingTimeInMillis()));
      surroundings.put("arn", context.getInvokedFunctionArn());
      surroundings.put("requestId", context.getAwsRequestId());
      surroundings.put("maxMemory", Long.toString(Runtime.getRuntime().maxMemory()));
      surroundings.put("loader", getClass().getClassLoader().getClass().getSimpleName());
      surroundings.put("pid", Long.toString(ProcessHandle.current().pid()));
      for (Map.Entry<String, String> entry : surroundings.entrySet()) {
        answer.write((entry + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Throws. */
  public static final class Throwing implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {
      throw new IllegalArgumentException("no such \"role\"");
    }
  }

  /** Ends the JVM if the event says so. */
  public static final class Exiting implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      byte[] body = event.readAllBytes();
      if (new String(body, StandardCharsets.UTF_8).equals("\"exit\"")) {
        System.err.println("going");
        System.exit(3);
      }
      answer.write(body);
    }
  }

  /** Hangs if the event says so. */
  public static final class Hanging implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      byte[] body = event.readAllBytes();
      if (new String(body, StandardCharsets.UTF_8).equals("\"hang\"")) {
        System.out.println("hanging");
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      answer.write(body);
    }
  }

  /** Cannot be made. */
  public static final class Unmakeable implements RequestStreamHandler {
    public Unmakeable() {
      throw new IllegalStateException("ROLE_NAMES is wrong");
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {}
  }

  /** Tells whether it was frozen and restored. */
  public static final class Frozen implements RequestStreamHandler, Resource {
    private volatile String state = "new";

    public Frozen() {
      Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
      System.out.println("before checkpoint");
      state = "frozen";
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
      System.out.println("after restore");
      state = "restored";
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context)
        throws IOException {
      answer.write(state.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Cannot be restored. */
  public static final class Thawless implements RequestStreamHandler, Resource {
    public Thawless() {
      Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {}

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
      throw new IllegalStateException("no thaw");
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) {}
  }
}
