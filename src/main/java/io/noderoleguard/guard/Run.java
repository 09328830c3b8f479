package io.noderoleguard.guard;

import io.noderoleguard.report.Cause;
import io.noderoleguard.report.Mode;
import io.noderoleguard.role.Partition;

/**
 * One run of the guard, over one role or over all of them.
 *
 * @param home the partition of the account, for a role that does not exist; an existing role's own
 *     ARN counts more
 * @param budget when it is spent, no further change is begun
 * @param cause what started it
 */
public record Run(Mode mode, Partition home, Budget budget, Cause cause) {}
