package io.kq.metadata.group;

import io.kq.metadata.assignor.Assignors;
import io.kq.metadata.group.MemberInfo.Subscription;
import io.kq.metadata.group.MemberInfo.Timeouts;
import java.util.Set;

/** Members as tests want them. */
public final class SampleMembers {

    private static final Timeouts TIMEOUTS = new Timeouts(10_000, 60_000);

    private SampleMembers() {}

    /** One that subscribes to names. */
    public static MemberInfo of(String instance, Set<String> names) {
        return of(instance, names, "");
    }

    /** One that subscribes to names and a pattern. */
    public static MemberInfo of(String instance, Set<String> names, String pattern) {
        return new MemberInfo(
                instance,
                "client-1",
                "/10.0.0.1",
                new Subscription(names, pattern),
                Assignors.DEFAULT,
                TIMEOUTS);
    }
}
