package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.checkpoint.NamedFiles;
import dev.masugata.model.Action;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The content of the files that a tool call names, as the server will see them: the session's changes above the real
/// workspace. An approval to run a script is for this script, not for what the agent makes of it meanwhile.
final class WorkspaceFiles implements NamedFiles {
    /// Files looked at for one action, and bytes read of each; of a larger file its size and time stand for it.
    static final int FILES_MAX = 32;

    static final long FILE_BYTES_MAX = 8L * 1024 * 1024;

    private final Config config;
    private final Seals seals;
    private final Home home;

    WorkspaceFiles(Config config, Seals seals, Home home) {
        this.config = config;
        this.seals = seals;
        this.home = home;
    }

    @Override
    public String digest(Session session, Action action) {
        if (!(action instanceof Action.ToolCall call)) return "";
        var names = new ArrayList<String>();
        texts(call.arguments(), names);
        var seen = new StringBuilder();
        for (var name : names.subList(0, Math.min(FILES_MAX, names.size())))
            path(session, call, name).ifPresent(file -> seen.append(name).append('\n').append(content(file)).append('\n'));
        return seen.isEmpty() ? "" : sha256(seen.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void texts(Json value, List<String> into) {
        switch (value) {
            case Json.Str(var text, _) -> {
                if (!text.isEmpty() && text.length() <= 4096 && text.indexOf('\n') < 0) into.add(text);
            }
            case Json.Obj(var members, _) -> members.values().forEach(member -> texts(member, into));
            case Json.Arr(var items, _) -> items.forEach(item -> texts(item, into));
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    /// The file of that name in what the server works on, if there is one.
    private Optional<Path> path(Session session, Action.ToolCall call, String name) {
        var workspace = seals.workspace(session);
        var entry = config.servers().get(call.server());
        if (entry == null) return Optional.empty();
        var root = workspace.or(entry::dir);
        if (root.isEmpty()) return Optional.empty();
        try {
            var path = root.get().resolve(name).normalize();
            if (!path.startsWith(root.get()) || path.equals(root.get())) return Optional.empty();
            var changed = home.directory()
                    .resolve("sessions").resolve(session.id()).resolve("upper")
                    .resolve(root.get().relativize(path).toString());
            var found = workspace.isPresent() && Files.exists(changed, LinkOption.NOFOLLOW_LINKS) ? changed : path;
            return Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS) ? Optional.of(found) : Optional.empty();
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    private static String content(Path file) {
        try {
            long size = Files.size(file);
            if (size > FILE_BYTES_MAX) return size + " bytes of " + Files.getLastModifiedTime(file);
            return sha256(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            return "unreadable";
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this Java has no SHA-256", broken);
        }
    }
}
