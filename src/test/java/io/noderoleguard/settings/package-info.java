@NullMarked
package io.noderoleguard.settings;

import org.jspecify.annotations.NullMarked;
