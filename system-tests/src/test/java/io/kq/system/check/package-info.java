/**
 * The checker's test of itself: good histories pass, and of each invariant a broken one is caught.
 */
@NullMarked
package io.kq.system.check;

import org.jspecify.annotations.NullMarked;
