package dev.masugata.app;

import dev.masugata.app.control.Link;
import dev.masugata.checkpoint.Refusal;
import dev.masugata.model.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/// Tells the person at a run what its agent was not let do, a line each; never over a program that has the whole
/// screen.
final class SaidDenials {
    private static final System.Logger LOG = System.getLogger("masugata.run");
    /// Lines of one run; a flood of them would hide what is worth reading.
    static final int LINES_MAX = 100;

    private final Link link;
    private final AlternateScreen screen;
    private int said;

    SaidDenials(Link link, AlternateScreen screen) {
        this.link = link;
        this.screen = screen;
    }

    synchronized void denied(Session session, String what, Refusal refusal) {
        if (screen.isOn() || said > LINES_MAX) return;
        said++;
        var line = said > LINES_MAX
                ? "masugata: more was denied; masugata log --denied --session " + session.id()
                : line(session, what, refusal);
        try {
            link.error((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "a run is no longer listened to", gone);
        }
    }

    private static String line(Session session, String what, Refusal refusal) {
        var id = refusal.id().isEmpty() ? "" : " (" + refusal.id() + ")";
        return switch (refusal.kind()) {
            case HELD -> "masugata: held " + what + " - " + refusal.text() + ". masugata approve " + refusal.id();
            case DENIED, LIMITED, CLOSED -> {
                boolean unopened = refusal.because().stream().anyMatch(it -> it.id().equals("deny-host"));
                var how = unopened ? ". To open: masugata allow " + host(what) + " --session " + session.id() : "";
                yield "masugata: denied " + what + " - " + refusal.text() + id + how;
            }
        };
    }

    /// Of `GET https://example.com/`.
    private static String host(String what) {
        var place = what.substring(what.indexOf("://") + 3);
        int end = place.indexOf('/');
        return end < 0 ? place : place.substring(0, end);
    }
}
