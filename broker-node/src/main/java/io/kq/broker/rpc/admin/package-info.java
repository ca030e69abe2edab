/**
 * The public services about topics and the cluster ({@code kq.v1}). Entry types: {@link
 * io.kq.broker.rpc.admin.TopicService}, {@link io.kq.broker.rpc.admin.ClusterService}. They read
 * the image of the node that is asked; what changes something goes to the active controller. Called
 * on the transport's event loops; nothing blocks. May call {@code broker.rpc}, {@code metadata},
 * {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.rpc.admin;

import org.jspecify.annotations.NullMarked;
