package io.kq.metadata;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters with real Ratis servers: one at a time dies, the metadata goes on. */
class ThreeVotersIT {

    @Test
    void goesOnWithTwoOfThreeAndTheThirdCatchesUp(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 25)) {
            quorum.startAll();
            quorum.bringUp(0);
            for (int i = 0; i < 30; i++) {
                quorum.create("first-" + i);
            }
            quorum.awaitSameState();

            int killed = quorum.idOf(quorum.controller());
            quorum.kill(killed);
            for (int i = 0; i < 30; i++) {
                quorum.create("second-" + i);
            }
            assertThat(quorum.idOf(quorum.controller())).isNotEqualTo(killed);
            quorum.awaitSameState();

            quorum.start(killed);
            quorum.create("third");
            quorum.awaitSameState();
            assertThat(quorum.controller().image().topics()).hasSize(61);
            assertThat(quorum.faults).isEmpty();
        }
    }

    @Test
    void repeatedRequestGetsTheSameAnswerFromTheNextController(@TempDir Path directory)
            throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 1_000_000)) {
            quorum.startAll();
            quorum.bringUp(0);
            UUID request = UUID.randomUUID();
            CreateTopic create = new CreateTopic("once", 2, 1, List.of(), Map.of(), false, false);
            TopicCreation first = quorum.call(request, create);
            quorum.kill(quorum.idOf(quorum.controller()));
            TopicCreation second = quorum.call(request, create);
            assertThat(second).isEqualTo(first);
            assertThat(quorum.controller().image().topics()).hasSize(1);
        }
    }

    @Test
    void controllerThatStopsGivesItsLeadershipAway(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 1_000_000)) {
            quorum.startAll();
            quorum.bringUp(0);
            QuorumVoter old = quorum.controller();
            long term = old.controller().term();
            int stopped = quorum.idOf(old);
            quorum.stop(stopped);
            QuorumVoter next = quorum.controller();
            assertThat(next.controller().term()).isGreaterThan(term);
            quorum.create("after");
            quorum.start(stopped);
            quorum.create("all-three");
            quorum.awaitSameState();
            assertThat(quorum.faults).isEmpty();
        }
    }

    @Test
    void allVotersRestartWithWhatTheyAgreedOn(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 3, 10)) {
            quorum.startAll();
            quorum.bringUp(0);
            for (int i = 0; i < 25; i++) {
                quorum.create("topic-" + i);
            }
            for (int id = 0; id < 3; id++) {
                quorum.kill(id);
            }
            quorum.startAll();
            quorum.create("after");
            quorum.awaitSameState();
            assertThat(quorum.controller().image().topics()).hasSize(26);
            QuorumVoter controller = quorum.controller();
            eventually(
                    "all know who controls",
                    () ->
                            quorum.running().stream()
                                    .allMatch(
                                            v ->
                                                    v.controller().nodeId()
                                                            == quorum.idOf(controller)));
            assertThat(controller.status().voters()).hasSize(3).allMatch(v -> v.up());
            assertThat(BatchCodec.stateHash(controller.image())).isNotZero();
            assertThat(quorum.faults).isEmpty();
        }
    }
}
