/**
 * {@code kq records}. Entry type: {@link io.kq.cli.records.RecordsCommand}. One thread. May call
 * {@code cli.files}, {@code cli.shell}, {@code client}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.records;

import org.jspecify.annotations.NullMarked;
