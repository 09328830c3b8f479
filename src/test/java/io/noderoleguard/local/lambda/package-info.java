/**
 * The Lambda service for one machine: a Runtime API that drives Lambda's own runtime interface
 * client.
 */
@NullMarked
package io.noderoleguard.local.lambda;

import org.jspecify.annotations.NullMarked;
