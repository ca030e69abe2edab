package io.kq.broker.rpc.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.v1.DeleteRecordsResponse;
import io.kq.v1.RecordDeletionResult;
import org.junit.jupiter.api.Test;

class DeleteRecordsCallTest {

    @Test
    void takesTheOnlyAnswerOfALeader() {
        RecordDeletionResult result =
                RecordDeletionResult.newBuilder().setTopic("t").setLogStartOffset(3).build();
        assertThat(
                        DeleteRecordsCall.only(
                                DeleteRecordsResponse.newBuilder().addResults(result).build()))
                .isEqualTo(result);
    }

    @Test
    void aLeaderWithoutAnAnswerLeavesTheOutcomeUnknown() {
        assertThatThrownBy(() -> DeleteRecordsCall.only(DeleteRecordsResponse.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
                            assertThat(e.definite()).isFalse();
                        });
    }
}
