/** How the function's log looks. Who writes to it knows SLF4J only. */
@NullMarked
package io.noderoleguard.log;

import org.jspecify.annotations.NullMarked;
