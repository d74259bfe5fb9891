package dev.masugata.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofTest {
    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private static void record(Ledger ledger, int count) {
        for (int i = 1; i < count; i++) ledger.submit(Samples.asked("s-1", "text " + i));
        ledger.append(Samples.asked("s-1", "text " + count));
    }

    @Test
    void aProofStandsAloneAndProvesItsEntryOnly() {
        try (var ledger = new Home(directory).open()) {
            record(ledger, 300);
            var reader = ledger.reader();
            for (long seq : List.of(1L, 2L, 255L, 256L, 257L, 300L)) {
                var proof = reader.prove(seq).orElseThrow();
                assertTrue(proof.startsWith("c2sp.org/tlog-proof@v1\nextra "), proof);
                var holds = assertInstanceOf(ProofCheck.Holds.class, ProofCheck.check(proof, reader.publicKey()));
                assertEquals(seq, holds.seq());
                assertEquals(300, holds.size());
                assertTrue(holds.entry().contains("\"seq\":" + seq + ","), holds.entry());
            }
            assertEquals(Optional.empty(), reader.prove(301));
            assertEquals(Optional.empty(), reader.prove(0));
        }
    }

    @Test
    void whatWasChangedInAProofIsNoticed() {
        String proof;
        String key;
        try (var ledger = new Home(directory).open()) {
            record(ledger, 20);
            proof = ledger.reader().prove(7).orElseThrow();
            key = ledger.reader().publicKey();
        }
        var entry = proof.lines().skip(1).findFirst().orElseThrow().substring("extra ".length());
        var changed = new String(Base64.getDecoder().decode(entry)).replace("agent:coder", "agent:other");
        for (var bad : List.of(
                "", proof.replace("index 6", "index 5"), proof.replace("\n20\n", "\n21\n"),
                proof.replace(entry, Base64.getEncoder().encodeToString(changed.getBytes())),
                proof.replaceFirst("(index 6\n)[^\n]*\n", "$1"),
                proof.substring(0, proof.length() - 10) + "AAAAAAA==\n",
                proof.replace("extra ", "extras "), proof.replace("@v1", "@v2"), "x".repeat(1_000_000)))
            assertInstanceOf(ProofCheck.Fails.class, ProofCheck.check(bad, key), bad);
        assertInstanceOf(ProofCheck.Holds.class, ProofCheck.check(proof, key));
        try (var other = new Home(elsewhere).open()) {
            var fails = assertInstanceOf(ProofCheck.Fails.class, ProofCheck.check(proof, other.reader().publicKey()));
            assertTrue(fails.why().contains("not signed by"), fails.why());
        }
        assertInstanceOf(ProofCheck.Fails.class, ProofCheck.check(proof, "no key"));
    }
}
