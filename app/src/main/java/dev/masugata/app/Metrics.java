package dev.masugata.app;

import dev.masugata.ledger.Ledger;
import java.util.Map;
import java.util.TreeMap;

/// What `/metrics` shows, in the Prometheus text format (version 0.0.4). Read from the record: numbers only.
final class Metrics implements AutoCloseable {
    private final Ledger ledger;
    private final long started = System.nanoTime();

    Metrics(Ledger ledger) {
        this.ledger = ledger;
    }

    String text() {
        var text = new StringBuilder();
        gauge(text, "masugata_uptime_seconds", "Since this gate started", (System.nanoTime() - started) / 1_000_000_000L);
        gauge(text, "masugata_ledger_events", "Events on record", ledger.size());
        text.append("# HELP masugata_decisions_total Decisions on record, by outcome\n")
                .append("# TYPE masugata_decisions_total counter\n");
        Map<String, Long> outcomes = new TreeMap<>(ledger.reader().outcomes(java.time.Instant.EPOCH));
        outcomes.forEach((outcome, count) -> text.append("masugata_decisions_total{outcome=\"")
                .append(outcome)
                .append("\"} ")
                .append(count)
                .append('\n'));
        var waiting = ledger.standing().approvals().waiting(java.time.Instant.now()).size();
        gauge(text, "masugata_approvals_waiting", "Actions that wait for a person", waiting);
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        text.append(name).append(' ').append(value).append('\n');
    }

    @Override
    public void close() {}
}
