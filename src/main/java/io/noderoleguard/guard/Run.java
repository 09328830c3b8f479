package io.noderoleguard.guard;

import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.role.Home;

/**
 * One run of the guard, over one role or over all of them.
 *
 * @param home where it takes place; an existing role's own ARN counts more
 * @param budget when it is spent, no further change is begun
 * @param cause what started it
 */
public record Run(Mode mode, Home home, Budget budget, Cause cause) {}
