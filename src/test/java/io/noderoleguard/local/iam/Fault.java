package io.noderoleguard.local.iam;

import java.time.Duration;
import java.util.function.UnaryOperator;

/** What goes wrong with a call. */
public sealed interface Fault {

  /** The call is refused; nothing changes. */
  record Refused(IamError error) implements Fault {}

  /** The caller may not do it: AWS's own wording, which names the action and the resource. */
  record Denied() implements Fault {}

  /** The connection is reset before the call is carried out. */
  record ConnectionReset() implements Fault {}

  /** No answer until the server is closed; the call is not carried out. */
  record NoAnswer() implements Fault {}

  /** The call is carried out, and half of the answer arrives with status 200. */
  record TruncatedXml() implements Fault {}

  /** A proxy answers in IAM's stead, with status 200; the call is not carried out. */
  record HtmlPage() implements Fault {}

  /** Status 200 and no body; the call is not carried out. */
  record EmptyAnswer() implements Fault {}

  /** The call is carried out, and then this is answered, as if the real answer were lost. */
  record AfterwardsInstead(Fault answer) implements Fault {}

  /** The call is carried out, and the body of its answer is changed on the way. */
  record Rewritten(UnaryOperator<String> change) implements Fault {}

  /** The call is carried out as usual, later. */
  record Slow(Duration delay) implements Fault {}

  /** Someone else is faster: this happens just before the call is carried out as usual. */
  record Meanwhile(Runnable event) implements Fault {}

  static Fault refused(IamError error) {
    return new Refused(error);
  }

  /** Two seconds or two hours: the client decides how long it waits. */
  static Fault slow(Duration delay) {
    return new Slow(delay);
  }

  static Fault meanwhile(Runnable event) {
    return new Meanwhile(event);
  }

  /** Carried out, but the client sees the connection reset. */
  static Fault answerLost() {
    return new AfterwardsInstead(new ConnectionReset());
  }
}
