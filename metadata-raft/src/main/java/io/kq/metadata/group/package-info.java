/**
 * Who is in a consumer group and who owns which partition, as the group's coordinator decides it:
 * pure functions over immutable states (docs/internals/groups.md has the rules). Enter at {@link
 * io.kq.metadata.group.GroupChange}.
 */
@NullMarked
package io.kq.metadata.group;

import org.jspecify.annotations.NullMarked;
