/**
 * {@code kq configs}: configs of topics, settings of nodes. Entry type: {@link
 * io.kq.cli.configs.ConfigsCommand}. One thread. May call {@code cli.shell}, {@code client}, {@code
 * protocol}.
 */
@NullMarked
package io.kq.cli.configs;

import org.jspecify.annotations.NullMarked;
