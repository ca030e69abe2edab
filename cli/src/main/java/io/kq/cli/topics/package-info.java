/**
 * {@code kq topics} and {@code kq offsets}. Entry types: {@link io.kq.cli.topics.TopicsCommand},
 * {@link io.kq.cli.topics.OffsetsCommand}. One thread. May call {@code cli.shell}, {@code client},
 * {@code protocol}.
 */
@NullMarked
package io.kq.cli.topics;

import org.jspecify.annotations.NullMarked;
