/**
 * Sessions: plain text files in {@code src/test/resources/sessions} with what a user types and all
 * that is answered, played against a real node and compared byte for byte. Entry type: {@link
 * io.kq.system.session.SessionPlayer}; how a file is written: {@link io.kq.system.session.Step}.
 * The test's thread.
 */
@NullMarked
package io.kq.system.session;

import org.jspecify.annotations.NullMarked;
