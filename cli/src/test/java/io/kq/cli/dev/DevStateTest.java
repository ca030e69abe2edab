package io.kq.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DevStateTest {

    @Test
    void oneNodeVotesWhileTwoWouldNeedEachOther() {
        assertThat(DevState.born(1, 9092).voters()).isEqualTo(1);
        assertThat(DevState.born(2, 9092).voters()).isEqualTo(1);
    }

    @Test
    void threeNodesVoteFromThreeBrokersOn() {
        assertThat(DevState.born(3, 9092).voters()).isEqualTo(3);
        assertThat(DevState.born(7, 9092).voters()).isEqualTo(3);
    }

    @Test
    void addedNodesDoNotVote() {
        DevState grown = DevState.born(1, 9092).grownTo(3);

        assertThat(grown).isEqualTo(new DevState(3, 1, 9092));
    }

    @Test
    void neverShrinks() {
        assertThatThrownBy(() -> DevState.born(3, 9092).grownTo(1))
                .hasMessage("The data is of 3 brokers, more than 1.");
    }

    @Test
    void aLoneVoterMovesToOtherPortsAndSeveralDoNot() {
        assertThat(DevState.born(2, 9092).movedTo(19_092).portBase()).isEqualTo(19_092);
        assertThat(DevState.born(3, 9092).movedTo(9092).portBase()).isEqualTo(9092);
        assertThatThrownBy(() -> DevState.born(3, 9092).movedTo(19_092))
                .hasMessageContaining("know each other by the ports from 9092 on");
    }

    @Test
    void refusesBrokersAndPortsThatCannotBe() {
        assertThatThrownBy(() -> DevState.born(0, 9092)).hasMessageContaining("1 to 32");
        assertThatThrownBy(() -> DevState.born(33, 9092)).hasMessageContaining("1 to 32");
        assertThatThrownBy(() -> DevState.born(1, 0)).hasMessageContaining("--port-base is 0");
        assertThatThrownBy(() -> DevState.born(1, 65_500)).hasMessageContaining("65215");
    }
}
