package dev.masugata.app;

import dev.masugata.app.config.UserHome;
import dev.masugata.model.Session;
import dev.masugata.sandbox.Bind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a run says when it begins: each value derived, and no wall named that was not probed.
final class Banner {
    private final House house;

    Banner(House house) {
        this.house = house;
    }

    String text(Session session, Runs.Wanted wanted, long millis) {
        var bound = new Reach(house).of(wanted);
        var text = new StringBuilder();
        text.append("masugata ").append(Version.NUMBER)
                .append("   session ").append(session.id())
                .append("   agent ").append(session.agent().name())
                .append("   for ").append(session.agent().user()).append('\n');
        text.append("  files    ").append(shown(wanted.workspace()))
                .append(" as a copy; you review changes at the end. Nothing else of ~ is visible")
                .append(showsHome(wanted.binds()) ? " but what is named below\n" : "\n");
        wanted.binds().forEach(bind -> text.append("           ").append(line(bind)).append('\n'));
        text.append("  network  ").append(bound.hosts().isEmpty()
                ? "no host allowed yet        open one: masugata allow HOST"
                : String.join(", ", bound.hosts())).append('\n');
        text.append("  tools    ").append(tools(bound)).append('\n');
        text.append("  worst    ").append(bound.hosts().size()).append(" hosts, 0 models, 0 secrets; ")
                .append(bound.counted())
                .append(bound.direct().isEmpty() ? ", all restorable" : ", restorable but for the directories named").append('\n');
        bound.lent().money().forEach(it -> text.append("  money    ").append(it).append('\n'));
        text.append("  walls    ").append(String.join(", ", house.machine().walls())).append("; more: masugata doctor\n");
        text.append("sealed in ").append(millis).append(" ms. `exit` ends the session and shows what changed.\n");
        return text.toString();
    }

    /// What is said even to those who want to hear nothing: what counts at once.
    ///
    /// @param uncaptured why connections of programs that know no proxy do not come to the gate; empty: they do
    static List<String> warnings(Runs.Wanted wanted, String uncaptured) {
        var warnings = new ArrayList<>(wanted.binds().stream().filter(Bind::writable).map(Banner::line).toList());
        if (!uncaptured.isEmpty())
            warnings.add("programs that know no proxy reach nothing: connections cannot be captured (" + uncaptured
                    + ")");
        return warnings;
    }

    private static String line(Bind bind) {
        var at = bind.source().equals(bind.target()) ? "" : " at " + bind.target();
        return shown(bind.source()) + at + (bind.writable() ? " for real: changes there count at once" : " to read");
    }

    /// By real paths: a link, and a directory above, show it as well.
    private static boolean showsHome(List<Bind> binds) {
        var home = real(UserHome.path());
        return binds.stream().map(bind -> real(bind.source()))
                .anyMatch(it -> it.startsWith(home) || home.startsWith(it));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException unreadable) {
            return path;
        }
    }

    private String tools(Reach.Bound bound) {
        int servers = house.config.servers().size();
        if (bound.tools().isEmpty())
            return servers == 0 ? "none" : "none approved; " + servers + " configured: masugata tools approve SERVER";
        var text = new StringBuilder();
        bound.tools().forEach((toolClass, names) -> text.append(text.isEmpty() ? "" : ", ").append(names.size()).append(' ').append(toolClass.word()));
        return text.toString();
    }

    private static String shown(Path path) {
        var home = UserHome.path();
        return path.startsWith(home) ? Path.of("~").resolve(home.relativize(path)).toString() : path.toString();
    }
}
