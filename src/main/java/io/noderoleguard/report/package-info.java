/**
 * What a run found and did, as values: the report of each role and of all of them. Nothing here
 * reads, writes or logs.
 */
@NullMarked
package io.noderoleguard.report;

import org.jspecify.annotations.NullMarked;
