/**
 * Membership in consumer groups: {@link io.kq.client.group.GroupSession} keeps a member's place at
 * its coordinator. Values that applications see are here too. May call {@code protocol}, {@code
 * runtime} and the client's view of the cluster.
 */
@NullMarked
package io.kq.client.group;

import org.jspecify.annotations.NullMarked;
