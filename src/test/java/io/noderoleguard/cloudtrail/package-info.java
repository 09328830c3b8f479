@NullMarked
package io.noderoleguard.cloudtrail;

import org.jspecify.annotations.NullMarked;
