package io.noderoleguard.local.iam;

import java.time.Instant;

/** A customer's managed policy. */
public record ManagedPolicy(
    String name, String path, String arn, String id, Instant createDate, String document) {}
