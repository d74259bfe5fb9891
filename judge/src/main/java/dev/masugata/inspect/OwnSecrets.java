package dev.masugata.inspect;

import dev.masugata.model.Channel;
import dev.masugata.model.Severity;
import java.util.List;
import java.util.Set;

/// Finds values that the gate itself has put into a request: they come back in no answer, however it is cut.
public final class OwnSecrets implements Detector {
    /// The family of what it finds.
    public static final String FAMILY = "own-secret";

    /// Shorter ones stand in ordinary text.
    private static final int CHARS_MIN = 6;

    private final List<String> secrets;

    public OwnSecrets(List<String> secrets) {
        this.secrets = secrets.stream().filter(it -> it.length() >= CHARS_MIN).distinct().toList();
    }

    @Override
    public void look(Passage passage, Report report) {
        for (var layer : passage.layers().all()) {
            var text = layer.text();
            for (var secret : secrets)
                for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length()))
                    report.found(FAMILY + "/credential", Severity.HIGH, passage, layer, at, at + secret.length());
        }
    }

    /// Where the text's end is the beginning of one.
    @Override
    public int open(Channel channel, String text, Set<String> families) {
        int earliest = text.length();
        for (var secret : secrets)
            for (int length = Math.min(secret.length() - 1, text.length()); length > 0; length--)
                if (text.endsWith(secret.substring(0, length))) {
                    earliest = Math.min(earliest, text.length() - length);
                    break;
                }
        return earliest;
    }
}
