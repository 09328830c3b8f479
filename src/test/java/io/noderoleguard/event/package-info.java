@NullMarked
package io.noderoleguard.event;

import org.jspecify.annotations.NullMarked;
