package dev.masugata.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every library that runs is one whose SHA-256 is recorded, also when it comes from a cache that was filled before.
class ChecksumsTest {
    @Test
    void everyLibraryIsTheOneRecorded() throws IOException, GeneralSecurityException {
        var recorded = new HashMap<String, String>();
        for (var line : Files.readAllLines(Gate.ROOT.resolve(".mvn/checksums/checksums.sha256"))) {
            int space = line.indexOf(' ');
            recorded.put(line.substring(space).strip(), line.substring(0, space));
        }
        var wrong = new ArrayList<String>();
        int count = 0;
        for (var element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var library = Path.of(element).toAbsolutePath();
            if (!element.endsWith(".jar") || library.startsWith(Gate.ROOT)) continue;
            count++;
            var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library));
            var sum = HexFormat.of().formatHex(digest);
            var known = recorded.keySet().stream().filter(library::endsWith).map(recorded::get).toList();
            if (!known.contains(sum)) wrong.add(library + " has the SHA-256 " + sum + ", recorded: " + known);
        }
        assertEquals(List.of(), wrong, "not as in .mvn/checksums; after a change of dependencies: it/record-checksums");
        assertTrue(count > 10, "only " + count + " libraries were looked at");
    }
}
