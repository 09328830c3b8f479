/** Events in, answers out, settings and wiring. Decides nothing about roles. */
@NullMarked
package io.noderoleguard.lambda;

import org.jspecify.annotations.NullMarked;
