package io.noderoleguard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Equality of policies is one of meanings, tried on thousands of random ones. */
final class PolicyRelationTest {

  private static final long SEED = Long.getLong("seed", 20260201);
  private static final int POLICIES = 2_000;

  private final Random random = new Random(SEED);

  private static PolicyDocument parse(String json) {
    try {
      return PolicyReader.read(json);
    } catch (MalformedPolicyException malformed) {
      throw new AssertionError(json, malformed);
    }
  }

  private void assertSame(String one, String other) {
    assertThat(parse(one))
        .as("seed %d: %s and %s", SEED, one, other)
        .isEqualTo(parse(other))
        .hasSameHashCodeAs(parse(other));
    assertThat(parse(one).differencesFrom(parse(other))).isEmpty();
  }

  private void assertDifferent(String one, String other) {
    assertThat(parse(one)).as("seed %d: %s and %s", SEED, one, other).isNotEqualTo(parse(other));
    assertThat(parse(other)).isNotEqualTo(parse(one));
    assertThat(parse(one).differencesFrom(parse(other))).isNotEmpty();
    assertThat(parse(other).differencesFrom(parse(one))).isNotEmpty();
  }

  /** Reflexive, symmetric and transitive, among documents that mean the same in other words. */
  @Test
  void theSameInOtherWordsIsEqual() {
    for (int i = 0; i < POLICIES; i++) {
      RandomPolicy policy = RandomPolicy.of(random);
      String one = policy.inWords(random);
      String two = policy.inWords(random);
      String three = policy.inWords(random);
      assertSame(one, one);
      assertSame(one, two);
      assertSame(two, one);
      assertSame(two, three);
      assertSame(one, three);
    }
  }

  @Test
  void whatMeansSomethingElseIsNotEqual() {
    for (int i = 0; i < POLICIES; i++) {
      RandomPolicy policy = RandomPolicy.of(random);
      assertDifferent(policy.inWords(random), policy.mutated(random).inWords(random));
    }
  }

  @Test
  void equalDocumentsDecideEveryRequestAlike() throws Exception {
    int allowed = 0;
    int decisions = 0;
    for (int i = 0; i < POLICIES; i++) {
      RandomPolicy policy = RandomPolicy.of(random);
      Decision one = new Decision(policy.inWords(random));
      Decision other = new Decision(policy.inWords(random));
      for (int j = 0; j < 20; j++) {
        Decision.Request request = Decision.Request.of(random);
        assertThat(one.allows(request))
            .as("seed %d: %s", SEED, policy)
            .isEqualTo(other.allows(request));
        allowed += one.allows(request) ? 1 : 0;
        decisions++;
      }
    }
    // Neither answer is the only one.
    assertThat(allowed).isBetween(decisions / 10, decisions * 9 / 10);
  }

  /** And the other way round: where two documents decide differently, they are never equal. */
  @Test
  void documentsThatDecideDifferentlyAreNeverEqual() throws Exception {
    int different = 0;
    for (int i = 0; i < POLICIES; i++) {
      RandomPolicy policy = RandomPolicy.of(random);
      String one = policy.inWords(random);
      String other =
          (random.nextBoolean() ? policy.mutated(random) : RandomPolicy.of(random)).inWords(random);
      Decision here = new Decision(one);
      Decision there = new Decision(other);
      for (int j = 0; j < 20; j++) {
        Decision.Request request = Decision.Request.of(random);
        if (here.allows(request) != there.allows(request)) {
          different++;
          assertDifferent(one, other);
          break;
        }
      }
    }
    assertThat(different).isGreaterThan(POLICIES / 4);
  }
}
