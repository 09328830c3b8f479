/**
 * What an event is: one file for each kind, which reads itself. What is none of them is refused.
 */
@NullMarked
package io.noderoleguard.event;

import org.jspecify.annotations.NullMarked;
