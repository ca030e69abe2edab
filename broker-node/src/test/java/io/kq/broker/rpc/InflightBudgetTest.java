package io.kq.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InflightBudgetTest {

    private final InflightBudget budget = new InflightBudget(1000, 200);

    @Test
    void aCallWithNothingInFlightMayAlwaysReadOn() {
        InflightBudget.Share full = budget.open("a");
        assertThat(full.tryTake(900)).isTrue();
        assertThat(full.hasRoom()).isFalse();
        assertThat(budget.open("a").hasRoom()).isTrue();
        assertThat(budget.open("b").hasRoom()).isTrue();
    }

    @Test
    void callsOfOneConnectionShareItsBound() {
        InflightBudget.Share one = budget.open("a");
        InflightBudget.Share two = budget.open("a");
        InflightBudget.Share other = budget.open("b");
        assertThat(one.tryTake(100)).isTrue();
        assertThat(two.tryTake(100)).isTrue();
        assertThat(other.tryTake(100)).isTrue();
        assertThat(one.hasRoom()).isFalse();
        assertThat(two.hasRoom()).isFalse();
        assertThat(other.hasRoom()).isTrue();
        two.give(1);
        assertThat(one.hasRoom()).isTrue();
    }

    @Test
    void overHalfOfTheTotalNobodyReadsOnAndOverAllOfItNothingIsTaken() {
        InflightBudget.Share one = budget.open("a");
        InflightBudget.Share two = budget.open("b");
        assertThat(one.tryTake(100)).isTrue();
        assertThat(two.tryTake(400)).isTrue();
        assertThat(one.hasRoom()).isFalse();
        assertThat(two.tryTake(500)).isTrue();
        assertThat(one.tryTake(1)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(1000);
    }

    @Test
    void oneBatchOverTheTotalIsTakenWhenThereIsNoOther() {
        InflightBudget.Share one = budget.open("a");
        assertThat(one.tryTake(5000)).isTrue();
        assertThat(one.tryTake(1)).isFalse();
    }

    @Test
    void aClosedShareHasGivenEverythingBackOnce() {
        InflightBudget.Share one = budget.open("a");
        InflightBudget.Share two = budget.open("a");
        assertThat(one.tryTake(150)).isTrue();
        assertThat(two.tryTake(30)).isTrue();
        one.close();
        one.close();
        one.give(150);
        assertThat(one.tryTake(1)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(30);
        assertThat(budget.connectionCount()).isEqualTo(1);
        two.close();
        assertThat(budget.usedBytes()).isZero();
        assertThat(budget.connectionCount()).isZero();
    }
}
