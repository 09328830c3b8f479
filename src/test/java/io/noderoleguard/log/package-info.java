@NullMarked
package io.noderoleguard.log;

import org.jspecify.annotations.NullMarked;
