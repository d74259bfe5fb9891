package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The published conformance suite's authorization servers and the servers that demand their tokens, with a gate as the
/// client and a person who opens what `masugata credentials login` prints.
@Tag("conformance")
class LoginConformanceTest {
    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void aGateIsAClientThatFailsWhatIsNamedAndNothingElse(String set) throws IOException {
        var environment = Map.of(
                "GATE_LAUNCHER", Gate.ROOT.resolve("masugata").toString(), "MASUGATA_JAVA",
                        System.getProperty("java.home"));
        var classes = ConformanceClasses.read();
        var found = Verdicts.NONE;
        for (var scenario : Suite.NEXT.clientScenarios(set)) {
            boolean runs = classes.of(set + " login").stream()
                    .noneMatch(it -> it.scenario().equals(scenario) && it.check().equals("*"));
            if (scenario.startsWith("auth/") && runs)
                found = found.with(Suite.NEXT.client("conformance-login.mjs", scenario, set, environment));
        }
        var columns = new LinkedHashMap<String, Verdicts>();
        columns.put("gate", found);
        System.out.println(set + " authorization servers\n" + Verdicts.table(columns) + found.worseThan(Verdicts.NONE));
        assertTrue(found.count(Verdicts.Status.SUCCESS) > 100, found.toString());
        assertEquals("[]", classes.unknown(set + " login", found.failed()).toString());
    }
}
