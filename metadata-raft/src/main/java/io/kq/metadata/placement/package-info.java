/** Where replicas go and who leads: pure choices. May call image. */
@NullMarked
package io.kq.metadata.placement;

import org.jspecify.annotations.NullMarked;
