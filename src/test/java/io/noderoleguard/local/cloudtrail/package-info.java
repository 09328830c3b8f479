/** CloudTrail on one machine: its event history, filled by whatever is called on a local IAM. */
@NullMarked
package io.noderoleguard.local.cloudtrail;

import org.jspecify.annotations.NullMarked;
