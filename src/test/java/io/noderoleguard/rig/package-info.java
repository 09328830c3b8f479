/**
 * What tests of several packages share: the function or its guard, and the surroundings of both.
 */
@NullMarked
package io.noderoleguard.rig;

import org.jspecify.annotations.NullMarked;
