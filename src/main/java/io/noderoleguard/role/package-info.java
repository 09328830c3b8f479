/**
 * What the node role should be, what it is, what differs, and the plan to put it right. Pure: no
 * SDK, clock, environment or log.
 */
@NullMarked
package io.noderoleguard.role;

import org.jspecify.annotations.NullMarked;
