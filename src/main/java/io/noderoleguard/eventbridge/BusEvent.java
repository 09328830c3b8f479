package io.noderoleguard.eventbridge;

import io.noderoleguard.json.JsonValue.JsonObject;

/** An event as a rule sees it, without what EventBridge adds; at most 256 KB altogether. */
public record BusEvent(String source, String detailType, String resource, JsonObject detail) {}
