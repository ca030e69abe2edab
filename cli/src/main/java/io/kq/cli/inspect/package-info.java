/**
 * {@code kq inspect}: what a node has on its disk, read from the files, also beside the live node.
 * Entry type: {@link io.kq.cli.inspect.InspectCommand}, the only class here that may be loaded when
 * the log store is not on the class path. One thread. May call {@code cli.shell}, {@code log} and
 * {@code log.inspection}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.inspect;

import org.jspecify.annotations.NullMarked;
