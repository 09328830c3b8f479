/** What CloudTrail recorded of a call to IAM: which, of what, when and by whom. Pure. */
@NullMarked
package io.noderoleguard.trail;

import org.jspecify.annotations.NullMarked;
