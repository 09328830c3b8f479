@NullMarked
package io.noderoleguard.cloudformation;

import org.jspecify.annotations.NullMarked;
