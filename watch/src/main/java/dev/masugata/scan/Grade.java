package dev.masugata.scan;

import dev.masugata.model.Severity;
import dev.masugata.model.Weakness;
import java.util.List;

/// One letter for what was found: the worst weakness says how good it can be at best. Taking a control away never makes
/// it better, because no number of good things makes up for a bad one.
public enum Grade {
    A, B, C, D, F;

    public static Grade of(List<Weakness> weaknesses) {
        var worst = weaknesses.stream().map(Weakness::severity).max(Severity::compareTo);
        if (worst.isEmpty()) return A;
        return switch (worst.get()) {
            case INFO, LOW -> A;
            case MEDIUM -> B;
            case HIGH -> weaknesses.stream().filter(it -> it.severity() == Severity.HIGH).count() > 3 ? D : C;
            case CRITICAL -> F;
        };
    }
}
