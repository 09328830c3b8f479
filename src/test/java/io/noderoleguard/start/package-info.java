@NullMarked
package io.noderoleguard.start;

import org.jspecify.annotations.NullMarked;
