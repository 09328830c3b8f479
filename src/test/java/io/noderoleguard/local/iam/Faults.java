package io.noderoleguard.local.iam;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** The switch for faults: which call of which action goes wrong, and how. */
public final class Faults {

  /** Stands for all of them: their calls are counted together. */
  public static final String ANY_ACTION = "*";

  private record Rule(String action, IntPredicate concerns, Fault fault) {}

  private record Limit(boolean isForAll, RateLimit rate) {}

  private final List<Rule> rules = new ArrayList<>();
  private final Map<Rule, Integer> seen = new HashMap<>();
  private final List<Limit> limits = new ArrayList<>();

  /** At the n-th call of the action from now on, counted from 1. */
  public synchronized Faults at(int number, String action, Fault fault) {
    return add(action, count -> count == number, fault);
  }

  /** At the first calls of the action from now on; the later ones go well. */
  public synchronized Faults first(int calls, String action, Fault fault) {
    return add(action, count -> count <= calls, fault);
  }

  /** At every call of the action until {@link #clear}. */
  public synchronized Faults always(String action, Fault fault) {
    return add(action, count -> true, fault);
  }

  /** Calls of any one action beyond so many a second are refused. */
  public synchronized Faults atMostOfEachAction(int perSecond) {
    limits.add(new Limit(false, new RateLimit(perSecond, System::nanoTime)));
    return this;
  }

  /** Calls of all actions together beyond so many a second are refused. */
  public synchronized Faults atMost(int perSecond) {
    limits.add(new Limit(true, new RateLimit(perSecond, System::nanoTime)));
    return this;
  }

  /** All goes well again. */
  public synchronized void clear() {
    limits.clear();
    rules.clear();
    seen.clear();
  }

  /** What goes wrong with this call, in the order it was arranged. */
  public synchronized List<Fault> before(Call call) {
    List<Fault> faults = new ArrayList<>();
    for (Limit limit : limits) {
      if (!limit.rate.allows(limit.isForAll ? ANY_ACTION : call.action())) {
        faults.add(Fault.refused(IamError.throttling()));
      }
    }
    for (Rule rule : rules) {
      if (rule.action().equals(ANY_ACTION) || rule.action().equals(call.action())) {
        int count = seen.merge(rule, 1, Integer::sum);
        if (rule.concerns().test(count)) {
          faults.add(rule.fault());
        }
      }
    }
    return faults;
  }

  private Faults add(String action, IntPredicate concerns, Fault fault) {
    rules.add(new Rule(action, concerns, fault));
    return this;
  }
}
