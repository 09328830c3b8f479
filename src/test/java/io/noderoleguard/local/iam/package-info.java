/**
 * An IAM for one machine: the real Query protocol over HTTP, with faults and late reads on demand.
 */
@NullMarked
package io.noderoleguard.local.iam;

import org.jspecify.annotations.NullMarked;
