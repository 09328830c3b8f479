/**
 * EKS on one machine, as far as its clusters' access entries and node groups go. It imports nothing
 * of the function.
 */
@NullMarked
package io.noderoleguard.local.eks;

import org.jspecify.annotations.NullMarked;
