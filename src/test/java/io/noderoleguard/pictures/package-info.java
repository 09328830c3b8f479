/** Draws README's pictures: the output of a local run, and the dashboard with example data. */
@NullMarked
package io.noderoleguard.pictures;

import org.jspecify.annotations.NullMarked;
