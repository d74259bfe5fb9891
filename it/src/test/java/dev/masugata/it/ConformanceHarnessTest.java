package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// That the conformance test would notice: a transparent forwarder in the gate's place loses nothing, one that hides a
/// foreign Host is caught. One scenario each way; the whole of it is `masugata test conformance`.
class ConformanceHarnessTest {
    private static final String[] REBINDING = scenario("dns-rebinding-protection", "2026-07-28");
    private static final String[] PROGRESS = scenario("tools-call-with-progress", "2025-11-25");

    private static String[] scenario(String name, String revision) {
        return new String[] {"--scenario", name, "--spec-version", revision};
    }

    @Test
    void aForwarderPassesBadHostsOnAndStreams() throws IOException {
        try (var fixture = Peer.listening("conformance-server.mjs", "0");
                var forwarder = Peer.listening("forwarder.mjs", "0", fixture.url, "-")) {
            assertEquals(Suite.NEXT.server(fixture.url, REBINDING), Suite.NEXT.server(forwarder.url, REBINDING));
            var streamed = Suite.NEXT.server(forwarder.url, PROGRESS);
            assertEquals("[]", streamed.failed().toString());
            assertTrue(streamed.count(Verdicts.Status.SUCCESS) > 0, streamed.toString());
        }
    }

    @Test
    void whatHidesAForeignHostIsCaught() throws IOException {
        try (var fixture = Peer.listening("conformance-server.mjs", "0", "--modern-only");
                var mutant = Peer.listening("forwarder.mjs", "0", fixture.url, "-", "--insecure-host")) {
            var failed = Suite.NEXT.server(mutant.url, REBINDING).failed();
            assertEquals("[dns-rebinding-protection localhost-host-rebinding-rejected]", failed.toString());
        }
    }

    @Test
    void theClientReachesItsScenarioThroughWhatStandsBetween() throws IOException {
        var found = Suite.NEXT.client("tools_call", "2026-07-28", Map.of());
        assertEquals("[]", found.failed().toString());
        assertTrue(found.count(Verdicts.Status.SUCCESS) > 0, found.toString());
    }

    @Test
    void knownFailuresExcuseThemselvesOnly() throws IOException {
        var classes = ConformanceClasses.read();
        var row = classes.of("2026-07-28 alone").getFirst();
        var known = new Verdicts.Check(row.scenario(), row.check());
        var other = new Verdicts.Check("server-stateless", row.check());
        var failed = new TreeSet<>(List.of(known, other));
        assertEquals("[" + other + "]", classes.unknown("2026-07-28 alone", failed).toString());
        failed.remove(known);
        assertTrue(classes.stale("2026-07-28 alone", failed).contains(row));
    }
}
