/** Benchmarks: run by hand, never timed by a test. */
@NullMarked
package io.noderoleguard.bench;

import org.jspecify.annotations.NullMarked;
