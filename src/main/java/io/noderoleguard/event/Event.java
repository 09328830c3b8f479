package io.noderoleguard.event;

/** An event that the function serves. */
public sealed interface Event permits Scheduled, Direct, Stack, Changed, Queued {}
