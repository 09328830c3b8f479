/**
 * Reads clusters and reads and writes their access entries in EKS. With {@code iam}, {@code aws}
 * and {@code start}, one of the packages that import the AWS SDK. Nothing of it is loaded unless a
 * cluster is to be checked.
 */
@NullMarked
package io.noderoleguard.eks;

import org.jspecify.annotations.NullMarked;
