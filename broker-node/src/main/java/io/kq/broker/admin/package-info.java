/**
 * The admin port: metrics for whoever watches the node, and two answers for whoever runs it.
 * Nothing here changes anything.
 */
@NullMarked
package io.kq.broker.admin;

import org.jspecify.annotations.NullMarked;
