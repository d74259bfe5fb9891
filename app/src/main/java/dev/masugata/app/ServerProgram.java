package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import dev.masugata.wire.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// What is run for a server, as it lies on this machine: its program, the script that an interpreter is given, and all
/// files of the package that it was installed from. Packages that this one needs and that lie beside it are not looked
/// at, unless Masugata installed them itself.
///
/// A file is read again only when its size, its times or its inode are others: to look at it at each start is cheap.
final class ServerProgram {
    static final int FILES_MAX = 20_000;
    static final long BYTES_MAX = 1024L * 1024 * 1024;
    /// Files whose digest is remembered.
    static final int REMEMBERED_MAX = 100_000;

    private static final Pattern INTERPRETER =
            Pattern.compile("node|nodejs|deno|bun|(?:python|pypy)[0-9.]*|ruby|perl|php|bash|sh|dash|java|lua|pwsh");
    private static final int BUFFER_BYTES = 64 * 1024;

    private record Look(long size, String times) {}

    private record Digested(Look look, String sha256) {}

    private final Map<Path, Digested> remembered = new ConcurrentHashMap<>();

    /// @param digest SHA-256 over the canonical form of what it is made of, hex
    /// @param about  its files or how many they are, for people
    record Program(String digest, Json.Obj about) {}

    /// The program of a server; empty where it is none that lies outside of its seal.
    ///
    /// @throws IOException where it cannot be read whole, or is larger than the bounds
    Optional<Program> of(ServerEntry server) throws IOException {
        if (server.command().isEmpty()) return Optional.empty();
        var file = InstalledPackage.program(server.command().getFirst());
        if (file.isEmpty()) return Optional.empty();
        var about = file(file.get());
        var script = script(server, file.get());
        if (script.isPresent()) about = about.with("script", file(script.get()));
        return Optional.of(new Program(Sha256.hex(JsonWriter.canonical(about)), about));
    }

    /// A package that was installed for a server, with all that it needs.
    Program of(Packages.Installed installed) throws IOException {
        var it = installed.of();
        var about = Json.object("package", packaged(new InstalledPackage(
                it.name(), it.version(), installed.directory())));
        return new Program(Sha256.hex(JsonWriter.canonical(about)), about);
    }

    private Json.Obj file(Path file) throws IOException {
        var about = Json.object("file", file.toString()).with("sha256", sha256(file));
        var installed = InstalledPackage.above(file);
        return installed.isPresent() ? about.with("package", packaged(installed.get())) : about;
    }

    /// An interpreter runs the first file that it is given; any other program's arguments are its data.
    private static Optional<Path> script(ServerEntry server, Path program) {
        var named = Path.of(server.command().getFirst()).getFileName();
        boolean interprets = INTERPRETER.matcher(String.valueOf(program.getFileName())).matches()
                || INTERPRETER.matcher(String.valueOf(named)).matches();
        if (!interprets) return Optional.empty();
        return server.command().stream()
                .skip(1)
                .filter(it -> it.startsWith("/"))
                .flatMap(it -> InstalledPackage.program(it).stream())
                .findFirst();
    }

    private Json.Obj packaged(InstalledPackage installed) throws IOException {
        var tree = new Tree(installed.directory());
        Files.walkFileTree(installed.directory(), Set.<FileVisitOption>of(), Integer.MAX_VALUE, tree);
        return Json.object("name", installed.name())
                .with("version", installed.version())
                .with("directory", installed.directory().toString())
                .with("files", tree.files.size())
                .with("bytes", tree.bytes)
                .with("sha256", Sha256.hex(JsonWriter.canonical(new Json.Obj(tree.files, null))));
    }

    /// The digests of all files of a package by their names in it, in the order of the names; of a link, where it
    /// leads.
    private final class Tree extends SimpleFileVisitor<Path> {
        private final Path top;
        private final TreeMap<String, Json> files = new TreeMap<>();
        private long bytes;

        private Tree(Path top) {
            this.top = top;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            bytes += attributes.size();
            if (files.size() >= FILES_MAX || bytes > BYTES_MAX)
                throw new IOException("the package in `" + top + "` has more than " + FILES_MAX + " files or "
                        + BYTES_MAX
                        + " bytes, and cannot be pinned");
            var name = top.relativize(file).toString();
            if (attributes.isSymbolicLink()) files.put(name, Json.of("link " + Files.readSymbolicLink(file)));
            else if (attributes.isRegularFile()) files.put(name, Json.of(sha256(file)));
            else throw new IOException("`" + file + "` in a package is neither a file nor a link");
            return FileVisitResult.CONTINUE;
        }
    }

    private String sha256(Path file) throws IOException {
        var look = look(file);
        var known = remembered.get(file);
        if (known != null && known.look().equals(look)) return known.sha256();
        var digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            var buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) digest.update(buffer, 0, count);
        }
        var sha256 = HexFormat.of().formatHex(digest.digest());
        if (remembered.size() >= REMEMBERED_MAX) remembered.clear();
        // What was written meanwhile is read again the next time: its look is that of before.
        remembered.put(file, new Digested(look, sha256));
        return sha256;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java knows no SHA-256", impossible);
        }
    }

    /// The time of the last change of its inode is none that whoever writes the file can set.
    private static Look look(Path file) throws IOException {
        var it = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino", LinkOption.NOFOLLOW_LINKS);
        return new Look((Long) it.get("size"), it.get("lastModifiedTime") + " " + it.get("ctime") + " "
                + it.get("ino"));
    }
}
