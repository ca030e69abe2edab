/** The form of histories. */
@NullMarked
package io.kq.system.history;

import org.jspecify.annotations.NullMarked;
