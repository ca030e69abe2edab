package io.kq.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request is refused and its asker is answered: not a fault, not a bug. Carries no stack trace.
 * {@code definite} means that nothing happened; otherwise the outcome is unknown and the asker
 * repeats with the same sequence or request id.
 */
public final class RejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean definite;
    private final transient Map<String, String> metadata;

    public RejectedException(ErrorCode code, String message) {
        this(code, message, true, Map.of());
    }

    public RejectedException(
            ErrorCode code, String message, boolean definite, Map<String, String> metadata) {
        super(message, null, false, false);
        this.code = code;
        this.definite = definite;
        this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /**
     * The same refusal with one more fact, for example {@code with("suggestion", "first_topic")}.
     */
    public RejectedException with(String name, String value) {
        Map<String, String> more = new TreeMap<>(metadata);
        more.put(name, value);
        return new RejectedException(code, getMessage(), definite, more);
    }

    /** The same refusal, its effect unknown. */
    public RejectedException indefinite() {
        return new RejectedException(code, getMessage(), false, metadata);
    }

    public ErrorCode code() {
        return code;
    }

    /** True: nothing happened. False: it may have happened. */
    public boolean definite() {
        return definite;
    }

    /**
     * Facts by name, sorted: {@code leader_id}, {@code leader_address}, {@code suggestion}, {@code
     * limit}, ...
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? code.name() : message;
    }
}
