package dev.masugata.app;

import dev.masugata.checkpoint.NamedFiles.Seen;
import dev.masugata.sandbox.FileSeen;
import dev.masugata.sandbox.MergedFiles;
import dev.masugata.sandbox.TreePath;
import dev.masugata.wire.Json;
import dev.masugata.wire.Sha256;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The files that the arguments of one call name, looked at once.
///
/// Every text and every key that is a path may be a name, so all are tried: absolute ones in each place, relative ones
/// in the first. What is only part of a text, as in a command line, is not found.
final class CallFiles {
    /// Files that one call may name and be approved.
    static final int FILES_MAX = 256;
    /// Texts of one call that may be names.
    static final int NAMES_MAX = 4_096;
    /// Bytes of all files together, read for one look.
    static final long BYTES_MAX = 64L * 1024 * 1024;
    /// A longer text is no path (PATH_MAX).
    private static final int NAME_CHARS = 4_096;

    /// A directory that the server is shown.
    ///
    /// @param at its path there, absolute
    record Place(String at, MergedFiles files) {}

    private final List<Place> places;
    private final StringBuilder contents = new StringBuilder();
    private int found;
    private long left = BYTES_MAX;

    private CallFiles(List<Place> places) {
        this.places = List.copyOf(places);
    }

    static Seen look(List<Place> places, Json arguments) {
        if (places.isEmpty()) return new Seen.Content("");
        var names = new ArrayList<String>();
        texts(arguments, names);
        if (names.size() > NAMES_MAX)
            return new Seen.Unknown("it has more than " + NAMES_MAX + " texts that may name files");
        var looking = new CallFiles(places);
        for (var name : names) {
            var problem = looking.take(name);
            if (problem.isPresent()) return new Seen.Unknown(problem.get());
        }
        return new Seen.Content(looking.contents.isEmpty() ? "" : Sha256.hex(looking.contents.toString()));
    }

    private static void texts(Json value, List<String> into) {
        switch (value) {
            case Json.Str(var text, _) -> name(text, into);
            case Json.Obj(var members, _) -> members.forEach((key, member) -> {
                name(key, into);
                texts(member, into);
            });
            case Json.Arr(var items, _) -> items.forEach(item -> texts(item, into));
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static void name(String text, List<String> into) {
        if (!text.isEmpty() && text.length() <= NAME_CHARS && text.indexOf('\0') < 0) into.add(text);
    }

    /// Adds the file of that name, if there is one.
    ///
    /// @return why it cannot be vouched for, if it cannot
    private Optional<String> take(String name) {
        var path = local(name);
        var names = new ArrayDeque<String>();
        if (!path.startsWith("/")) names.addAll(List.of(places.getFirst().at().substring(1).split("/")));
        for (var part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) {
                names.addLast(part);
                continue;
            }
            // The kernel goes up from where a link leads, not from where it stands.
            if (at(names) instanceof FileSeen.Unknown(var why)) return Optional.of(why);
            names.pollLast();
        }
        return switch (at(names)) {
            case FileSeen.NoFile _ -> Optional.empty();
            case FileSeen.Unknown(var why) -> Optional.of(why);
            case FileSeen.File(var size, var sha256) -> {
                left -= size;
                contents.append(name.length()).append(" ").append(name).append(" ").append(sha256).append('\n');
                boolean tooMany = ++found > FILES_MAX;
                yield tooMany ? Optional.of("it names more than " + FILES_MAX + " files") : Optional.empty();
            }
        };
    }

    private static String local(String name) {
        if (!name.startsWith("file:///")) return name;
        try {
            return Optional.ofNullable(URI.create(name).getPath()).orElse(name);
        } catch (IllegalArgumentException noUri) {
            return name;
        }
    }

    private FileSeen at(Deque<String> names) {
        var path = "/" + String.join("/", names);
        for (var place : places)
            if (path.startsWith(place.at() + "/"))
                return place.files().at(TreePath.of(path.substring(place.at().length() + 1)), left);
        return new FileSeen.NoFile();
    }
}
