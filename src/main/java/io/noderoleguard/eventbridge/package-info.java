/** Puts events on the account's event bus; loaded only where there is something to say. */
@NullMarked
package io.noderoleguard.eventbridge;

import org.jspecify.annotations.NullMarked;
