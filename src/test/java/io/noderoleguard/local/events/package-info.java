/** An event bus of EventBridge on this machine. */
@NullMarked
package io.noderoleguard.local.events;

import org.jspecify.annotations.NullMarked;
