/**
 * This process' own log. Entry type: {@link io.kq.broker.logging.Logging}. Set up once, first thing
 * in main, from code: no file on the class path can change it. The only room that knows the logging
 * backend. May call nothing of kq.
 */
@NullMarked
package io.kq.broker.logging;

import org.jspecify.annotations.NullMarked;
