/**
 * What is prepared before the first event, so that it is served soon. The only package that touches
 * TLS and cryptography; nothing that it makes is used for a call.
 */
@NullMarked
package io.noderoleguard.start;

import org.jspecify.annotations.NullMarked;
