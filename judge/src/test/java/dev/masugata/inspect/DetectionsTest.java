package dev.masugata.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The catalog does what its examples say, and an entry that cannot be used says where and why.
class DetectionsTest {
    private static final String GOOD = """
            let WORD secret|hidden
            detection test/word
              why It stands for others.
              severity low
              channels egress user
              keywords secret | hid\\&den
              pattern \\b(?P<found><<WORD>>)\\b \\d
              unless ^hidden$
              fires a secret 1
              silent a hidden 1
            """;

    private static String refusal(String text) {
        return assertThrows(DetectionProblem.class, () -> new Rules(DetectionFile.read("x.detect", text))).getMessage();
    }

    @Test
    void everyExampleOfTheCatalogDoesWhatItSays() {
        assertEquals("", String.join("\n", DetectionExamples.faults(Detections.all())));
    }

    @Test
    void everyFileOfTheCatalogIsRead() throws Exception {
        var one = Detections.class.getResource("/catalog/detections/hidden.detect").toURI();
        // In a built tree the catalog is a jar, which must be opened to be listed.
        try (var jar = one.getScheme().equals("jar")
                        ? java.nio.file.FileSystems.newFileSystem(one, java.util.Map.of())
                        : null;
                var files = java.nio.file.Files.list(java.nio.file.Path.of(one).getParent())) {
            var there = files.map(it -> it.getFileName().toString().replace(".detect", "")).sorted().toList();
            assertEquals(Detections.FILES.stream().sorted().toList(), there, "beside " + jar);
        }
    }

    @Test
    void anEntryIsReadAsItIsWritten() {
        var read = DetectionFile.read("x.detect", GOOD).getFirst();
        assertEquals("x.detect:2", read.where());
        assertEquals(List.of("secret", "hidden"), read.keywords());
        assertEquals(List.of("\\b(?P<found>(?:secret|hidden))\\b(?:\\s+)\\d"), read.patterns());
        assertEquals(List.of(), DetectionExamples.faults(List.of(read)));
    }

    @Test
    void anExampleThatDoesSomethingElseIsNamed() {
        var silent = DetectionExamples.faults(DetectionFile.read("x.detect", GOOD.replace("a secret 1", "nothing")));
        assertEquals(2, silent.size(), "once for each channel");
        assertTrue(silent.getFirst().startsWith("x.detect:2: `test/word` fires on "), silent.getFirst());
        assertTrue(silent.getFirst().endsWith(": `nothing` found []"), silent.getFirst());
        var loud = DetectionExamples.faults(DetectionFile.read("x.detect", GOOD.replace("a hidden 1", "a secret 2")));
        assertTrue(loud.getFirst().endsWith(": `a secret 2` found [test/word]"), loud.getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', value = {
        "test/word # testword # x.detect:2: an id is `family/name`, in small letters",
        "severity low # severity dire # x.detect:2: `severity` is missing or not one of info, low",
        "egress user # egress phone # x.detect:2: `phone` is no channel",
        "keywords secret # keyword secret # x.detect:6: `keyword` is no word of a detection; there are",
        "a secret 1 # a \\q # x.detect:2: `\\q` stands for nothing: write `\\\\`",
        "<<WORD>> # <<WORDS>> # x.detect:2: `<<` begins no part that `let` named",
        "\\d # ( # x.detect:2: error parsing regexp",
        "fires a # silent a # x.detect:2: no example that `fires`",
        "unless ^hidden$ # scanner nobody # x.detect:2: there is no scanner `nobody`",
        "detection test # detector test # x.detect:2: `detection ID` is expected, not `detector`",
    })
    void aBrokenEntryIsRefused(String part, String instead, String message) {
        var said = refusal(GOOD.replace(part, instead));
        assertTrue(said.startsWith(message), said);
    }
}
