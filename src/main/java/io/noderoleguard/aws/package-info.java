/**
 * A call to AWS, whatever the service: how long it may take and how often it is tried, its pages,
 * and what went wrong as a value. Knows no service and no role.
 */
@NullMarked
package io.noderoleguard.aws;

import org.jspecify.annotations.NullMarked;
