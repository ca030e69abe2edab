/**
 * The JSON files of Kafka's tools: an object with {@code version} 1 and a list. Entry type: {@link
 * io.kq.cli.files.ListFile}, and a class for each kind. One thread. May call {@code cli.shell},
 * {@code protocol}.
 */
@NullMarked
package io.kq.cli.files;

import org.jspecify.annotations.NullMarked;
