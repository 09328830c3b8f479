/**
 * Asks CloudTrail's event history who changed a role. What cannot be asked is not known: nothing
 * here fails a check.
 */
@NullMarked
package io.noderoleguard.cloudtrail;

import org.jspecify.annotations.NullMarked;
