package dev.masugata.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.model.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packages against an operator's vulnerability files.
class VulnerabilitiesTest {
    @TempDir
    Path directory;

    private static final String ENTRY = """
            {"id": "OSV-1", "aliases": ["CVE-2026-1"], "database_specific": {"severity": "LOW"}, "affected": [
             {"package": {"ecosystem": "PyPI", "name": "Acme_Notes"},
              "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.10.0"}]}]}]}""";

    private Path export(String... entries) throws IOException {
        var file = directory.resolve("all.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < entries.length; i++) {
                zip.putNextEntry(new ZipEntry(i + ".json"));
                zip.write(entries[i].getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private Scan.Result scan(String version) throws IOException {
        var project = Files.createDirectories(directory.resolve("project"));
        Files.writeString(project.resolve("requirements.txt"), "acme-notes==" + version + "\n");
        return Scan.paths(List.of(project), ScanLimits.DEFAULT, Progress.NONE);
    }

    @Test
    void whatIsAffectedIsFoundAndItsTwinIsNot() throws IOException {
        var known = Vulnerabilities.of(export(ENTRY), null, null);
        var found = known.in(scan("1.9.3").inventory()).weaknesses();
        assertEquals(1, found.size());
        assertEquals("DEP-001", found.getFirst().check());
        assertTrue(found.getFirst().mend().contains("1.10.0"));
        assertEquals(List.of(), known.in(scan("1.10.0").inventory()).weaknesses());
    }

    @Test
    void whatIsExploitedCountsMost() throws IOException {
        var kev = directory.resolve("kev.json");
        Files.writeString(kev, "{\"vulnerabilities\": [{\"cveID\": \"CVE-2026-1\"}]}");
        var found = Vulnerabilities.of(export(ENTRY), null, kev).in(scan("1.0").inventory()).weaknesses();
        assertEquals(Severity.CRITICAL, found.getFirst().severity());
        var epss = directory.resolve("epss.csv");
        Files.writeString(epss, "#model\ncve,epss,percentile\nCVE-2026-1,0.51,0.98\n");
        found = Vulnerabilities.of(export(ENTRY), epss, null).in(scan("1.0").inventory()).weaknesses();
        assertEquals(Severity.HIGH, found.getFirst().severity());
    }

    @Test
    void aMaliciousPackageIsCritical() throws IOException {
        var found = Vulnerabilities.of(export(ENTRY.replace("OSV-1", "MAL-2026-1")), null, null)
                .in(scan("1.0").inventory()).weaknesses();
        assertEquals("DEP-002", found.getFirst().check());
    }

    @Test
    void whatIsNoExportIsRefused() throws IOException {
        var none = directory.resolve("none.json");
        Files.writeString(none, "[1");
        assertThrows(IllegalArgumentException.class, () -> Vulnerabilities.of(none, null, null));
        assertThrows(IllegalArgumentException.class, () -> OsvFiles.scores(none));
    }

    @Test
    void versionsAreOrderedAsTheirEcosystemsDo() {
        var order = List.of("1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.1", "1.2", "1.10", "2.0.0-alpha",
                "2.0.0");
        for (int i = 0; i + 1 < order.size(); i++)
            assertTrue(Versions.compare(order.get(i), order.get(i + 1)) < 0, order.get(i) + " < " + order.get(i + 1));
        assertEquals(0, Versions.compare("1.0", "v1.0.0"));
    }
}
