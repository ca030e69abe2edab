package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.history.Event;
import java.util.HashSet;
import java.util.Set;

/**
 * M8: a change of the metadata happens once. Each name is created once and deleted once: whoever is
 * told that it exists already, or is gone already, hears of an own attempt that counted twice.
 */
final class AdminOnce implements Rule {

    private final Findings findings;
    private final Set<String> created = new HashSet<>();

    AdminOnce(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (!(event instanceof Event.AdminTold told)) {
            return;
        }
        boolean create = told.operation().equals("create");
        if (create && told.code().equals("OK")) {
            created.add(told.name());
        }
        boolean twice =
                create
                        ? told.code().equals("TOPIC_ALREADY_EXISTS")
                        : told.code().equals("TOPIC_NOT_FOUND") && created.contains(told.name());
        if (twice) {
            findings.violation(
                    "M8",
                    "twice: %s of %s, asked for once, was answered with %s (line %d)",
                    told.operation(),
                    told.name(),
                    told.code(),
                    line);
        }
    }
}
