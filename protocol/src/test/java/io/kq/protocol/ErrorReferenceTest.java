package io.kq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/reference/errors.md says what the code says. */
class ErrorReferenceTest {

    private static final String HEAD =
            """
            # Reasons for which a request is refused

            Generated from the code (`ErrorCode`); a test holds it equal. A failed call carries the reason three times:
            as `ErrorInfo` of the domain `kq.io` in `grpc-status-details-bin` (with `RetryInfo` where a retry can help), as
            the trailer `kq-reason` for clients that read no details, and as the canonical gRPC status. Within a stream an
            item's refusal is a `kq.v1.Error` and the stream stays open.

            `definite` (ErrorInfo metadata, trailer `kq-definite`, field of `kq.v1.Error`) is `true` if nothing happened. If
            it is `false` the outcome is unknown: ask again with the same sequence or request id. The trailer `kq-leader`
            is `<leader id>@<host:port>` where the leader is known. Other facts are metadata: `leader_id`, `leader_address`,
            `suggestion` (a name that is near), `name`, `field`, `limit`, `log_start`, `log_end`, `retry_after_ms`.

            Retry: *no*, the same request cannot succeed; *back off*, send it again after a pause; *refresh*, ask who leads
            now, then send it again.

            | reason | gRPC status | retry | meaning |
            |---|---|---|---|
            """;

    @Test
    void referenceIsWhatTheCodeSays() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (ErrorCode code : ErrorCode.values()) {
            page.append("| `").append(code.name());
            page.append("` | ").append(code.status().name());
            page.append(" | ").append(retry(code));
            page.append(" | ").append(code.doc()).append(" |\n");
        }

        ReferencePage.assertEqual("errors.md", page.toString());
    }

    @Test
    void everyMeaningIsASentence() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.doc()).as(code.name()).matches("[A-Z][^|]*\\.");
            assertThat(code.name()).isEqualTo(code.name().toUpperCase(Locale.ROOT));
        }
    }

    private static String retry(ErrorCode code) {
        return switch (code.retry()) {
            case NEVER -> "no";
            case BACKOFF -> "back off";
            case REFRESH_METADATA -> "refresh";
        };
    }
}
