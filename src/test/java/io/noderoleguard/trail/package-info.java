@NullMarked
package io.noderoleguard.trail;

import org.jspecify.annotations.NullMarked;
