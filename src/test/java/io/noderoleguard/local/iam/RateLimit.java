package io.noderoleguard.local.iam;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Buckets of tokens, each refilled steadily up to what a second brings. Each call takes one. */
final class RateLimit {

  private static final double SECOND = 1e9;

  private record Bucket(double tokens, long filled) {}

  private final int perSecond;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new HashMap<>();

  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** Takes a token from the bucket; false when it is empty. */
  boolean allows(String bucket) {
    long now = nanoTime.getAsLong();
    Bucket before = buckets.getOrDefault(bucket, new Bucket(perSecond, now));
    double refilled = before.tokens + perSecond * (now - before.filled) / SECOND;
    double tokens = Math.min(perSecond, refilled);
    boolean isAllowed = tokens >= 1;
    buckets.put(bucket, new Bucket(isAllowed ? tokens - 1 : tokens, now));
    return isAllowed;
  }
}
