/**
 * {@code kq groups}: consumer groups as operators see them. Entry type: {@link
 * io.kq.cli.groups.GroupsCommand}. The tables are Kafka's, byte for byte.
 */
@NullMarked
package io.kq.cli.groups;

import org.jspecify.annotations.NullMarked;
