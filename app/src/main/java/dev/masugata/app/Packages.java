package dev.masugata.app;

import dev.masugata.app.config.Config;
import dev.masugata.app.config.PackagedCommand;
import dev.masugata.app.config.PackagedCommand.Kind;
import dev.masugata.checkpoint.RegistryExit;
import dev.masugata.gates.egress.RegistryGate;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.net.Listener;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.sandbox.Bind;
import dev.masugata.sandbox.InsecureCommand;
import dev.masugata.sandbox.Sandbox;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.SealSpec;
import dev.masugata.sandbox.SealedProcess;
import dev.masugata.sandbox.Visible;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The packages that servers are started from (`npx`, `uvx`): each is installed once, in a directory of its own, by a
/// sealed installer that reads from the package registry and reaches nothing else. No script of a package runs while it
/// is installed, and every file of it is compared with the registry's digest.
final class Packages {
    private static final System.Logger LOG = System.getLogger("masugata.packages");
    /// Where a package is shown to its server and to its installer.
    static final Path SHOWN = Path.of("/opt/masugata/package");
    /// How long one may be installed.
    static final int SECONDS_MAX = 300;
    /// Characters of the installer's own words that are kept.
    static final int WORDS_MAX = 4_000;
    /// Bytes of what an installer writes down of what it did.
    static final int RECORD_BYTES_MAX = 32 * 1024 * 1024;

    private final Path directory;
    private final Config config;
    private final Seals seals;
    private final Sessions sessions;
    private final RegistryExit exit;
    private final HostOpenings openings;
    private final Principal.Operator owner;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Map<String, Object> turns = new ConcurrentHashMap<>();

    Packages(
            Home home,
            Config config,
            Seals seals,
            Sessions sessions,
            RegistryExit exit,
            HostOpenings openings,
            Principal.Operator owner,
            SecureRandom random,
            InstantSource clock) {
        this.directory = home.directory().resolve(Sandbox.PACKAGES);
        this.config = config;
        this.seals = seals;
        this.sessions = sessions;
        this.exit = exit;
        this.openings = openings;
        this.owner = owner;
        this.random = random;
        this.clock = clock;
        halfMade();
    }

    /// What a gate that was killed left half installed.
    private void halfMade() {
        if (!Files.isDirectory(directory)) return;
        try (var all = Files.newDirectoryStream(directory, "new-*")) {
            for (var one : all) delete(one);
        } catch (IOException left) {
            LOG.log(Level.WARNING, "a package that is half installed cannot be removed", left);
        }
    }

    /// A package as it lies here.
    ///
    /// @param command     its program as a seal that shows it at [#SHOWN] finds it
    /// @param environment that its program needs
    record Installed(PackagedCommand of, Path directory, List<String> command, Map<String, String> environment) {
        Bind bind() {
            return new Bind(directory, SHOWN, false);
        }
    }

    /// The package that a server is started from; installed now, if it does not lie here yet.
    ///
    /// @return empty where its command is a program of this machine
    /// @throws IOException when it cannot be had; the message says why and what to do
    Optional<Installed> of(Config.ServerEntry server) throws IOException {
        var packaged = server.packaged();
        if (packaged.isEmpty()) return Optional.empty();
        var it = packaged.get();
        var place = directory.resolve(it.kind().word()).resolve(it.directory());
        synchronized (turns.computeIfAbsent(place.toString(), _ -> new Object())) {
            if (!Files.isDirectory(place)) install(it, place);
        }
        return Optional.of(switch (it.kind()) {
            case NPM -> new Installed(it, place, npm(it, place), Map.of());
            case PYTHON -> new Installed(it, place, python(it, place), Map.of("PYTHONPATH", SHOWN.toString(),
                    "PYTHONDONTWRITEBYTECODE", "1"));
        });
    }

    // --- the program of a package ---------------------------------------------------------------------------------

    /// `bin` of its manifest (npm-package-json): the one that is called as the package is, else the only one.
    private static List<String> npm(PackagedCommand it, Path place) throws IOException {
        var inside = "node_modules/" + it.name();
        if (!(json(place.resolve(inside).resolve("package.json")) instanceof Json.Obj manifest))
            throw new IOException("the manifest of " + it.text() + " cannot be read");
        if (!manifest.string("version").equals(Optional.of(it.version())))
            throw new IOException("what was installed as " + it.text() + " says that it is another version");
        var short_ = it.name().substring(it.name().indexOf('/') + 1);
        var programs = new LinkedHashMap<String, String>();
        manifest.string("bin").ifPresent(one -> programs.put(short_, one));
        manifest.object("bin").members().forEach((name, value) -> {
            if (value instanceof Json.Str(var text, _)) programs.put(name, text);
        });
        var program = Optional.ofNullable(programs.get(short_))
                .or(() -> programs.size() == 1 ? Optional.of(programs.values().iterator().next()) : Optional.empty());
        if (program.isEmpty())
            throw new IOException(it.text() + (programs.isEmpty()
                    ? " has no program"
                    : " has several programs (" + String.join(", ", programs.keySet())
                            + "), and none of its own name"));
        return List.of(SHOWN.resolve(inside).resolve(program.get()).normalize().toString());
    }

    private static List<String> python(PackagedCommand it, Path place) throws IOException {
        for (var name : List.of(it.name(), it.name().replace('_', '-'), it.name().replace('-', '_')))
            if (Files.isRegularFile(place.resolve("bin").resolve(name)))
                return List.of("/usr/bin/python3", SHOWN.resolve("bin").resolve(name).toString());
        throw new IOException(it.text() + " has no program of its own name");
    }

    // --- installing -----------------------------------------------------------------------------------------------

    private void install(PackagedCommand it, Path place) throws IOException {
        var registry = registry(it.kind());
        Files.createDirectories(place.getParent());
        var work = Files.createTempDirectory(directory, "new-");
        var agent = new Principal.Agent("masugata-install", owner.name(), Set.of());
        var session = sessions.begin(owner, agent, "installs " + it.text(), Session.Kind.TOKEN, Json.EMPTY);
        LOG.log(Level.INFO, "installing " + it.text() + " ...");
        try {
            sealed(session, it, registry, work);
            verified(it, work, registry);
            own(work);
            Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
            LOG.log(Level.INFO, "installed " + it.text());
        } catch (SealException unsealed) {
            throw new IOException(unsealed.getMessage(), unsealed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("the installation of " + it.text() + " was interrupted", stopped);
        } finally {
            seals.stop(session.id());
            sessions.end(session);
            if (Files.exists(work)) delete(work);
        }
    }

    private void sealed(Session session, PackagedCommand it, String registry, Path work)
            throws IOException, SealException, InterruptedException {
        var trust = Trust.ofRun(random, clock);
        var seal = seals.open(session, List.of(Runs.PROXY), trust.files());
        var gate = new RegistryGate(exit, origins(registry), openings::credential);
        var listener = new Listener.Adopted(seal.listeners().getFirst().take());
        try (var _ = Server.start(ServerOptions.on(listener).asProxy(trust.authority()), gate)) {
            var environment = new LinkedHashMap<>(Trust.environment("http://masugata.internal:" + Runs.PROXY));
            // A registry on this machine is reached through the gate, too.
            for (var name : List.of("no_proxy", "NO_PROXY")) environment.put(name, "");
            var process = seal.start(new SealSpec(
                    command(it, registry), environment, new SealSpec.Files.Nothing(),
                    List.of(new Bind(work, SHOWN, true)), SealSpec.Network.SESSION, Optional.empty(),
                    Optional.empty()));
            var words = words(process);
            int exit = ended(process, it);
            if (exit != 0)
                throw new IOException(it.text() + " could not be installed (exit " + exit + ")"
                        + (gate.refused().isEmpty() ? "" : "; its files lie at " + gate.refused()
                                + ", which `mcp.registries.files` does not name")
                        + ": " + Visible.text(words.get()));
        }
    }

    private static List<String> command(PackagedCommand it, String registry) {
        return switch (it.kind()) {
            case NPM -> List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund",
                    "--no-update-notifier", "--save-exact", "--loglevel=error", "--prefix", SHOWN.toString(),
                    "--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000",
                    "--registry", registry, it.text());
            // Only wheels: a source package runs its own code while it is built.
            case PYTHON -> List.of("/usr/bin/python3", "-m", "pip", "install", "--isolated", "--only-binary", ":all:",
                    "--no-input", "--no-compile", "--no-cache-dir", "--disable-pip-version-check", "--quiet",
                    "--cert", "/etc/masugata/ca-bundle.pem", "--index-url", registry, "--target", SHOWN.toString(),
                    "--report", SHOWN.resolve("report.json").toString(), it.text());
        };
    }

    private interface Words {
        String get() throws InterruptedException;
    }

    /// What the installer says, the last of it.
    private static Words words(SealedProcess process) {
        var said = new StringBuffer();
        var readers = new ArrayList<Thread>();
        for (var from : List.of(process.stdout(), process.stderr()))
            readers.add(Thread.ofVirtual().start(() -> listen(from, said)));
        return () -> {
            for (var reader : readers) reader.join();
            var text = said.toString().strip();
            return text.length() > WORDS_MAX ? text.substring(text.length() - WORDS_MAX) : text;
        };
    }

    private static void listen(InputStream from, StringBuffer said) {
        var buffer = new byte[8 * 1024];
        try (from) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                said.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                if (said.length() > 4 * WORDS_MAX) said.delete(0, said.length() - WORDS_MAX);
            }
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "an installer is no longer listened to", gone);
        }
    }

    private static int ended(SealedProcess process, PackagedCommand it) throws IOException, InterruptedException {
        try {
            return process.onExit().get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            process.kill();
            throw new IOException(it.text() + " was not installed within " + SECONDS_MAX + " s", late);
        } catch (ExecutionException lost) {
            throw new IOException("the end of an installer was lost", lost);
        }
    }

    // --- what was installed ---------------------------------------------------------------------------------------

    /// Every package has its digest on record, and came from where it should; else nothing of it is kept.
    private void verified(PackagedCommand it, Path work, String registry) throws IOException {
        switch (it.kind()) {
            case NPM -> locked(it, work, registry);
            case PYTHON -> reported(it, work);
        }
    }

    /// `package-lock.json` (lockfileVersion 3): npm compared each archive with `integrity`.
    private static void locked(PackagedCommand it, Path work, String registry) throws IOException {
        if (!(json(work.resolve("package-lock.json")) instanceof Json.Obj lock))
            throw new IOException(it.text() + ": the installer left no record of what it installed");
        lock.object("packages").members().forEach((place, value) -> {
            if (place.isEmpty() || !(value instanceof Json.Obj one) || one.isTrue("link")) return;
            if (one.string("integrity").filter(digest -> digest.startsWith("sha512-") || digest.startsWith("sha256-"))
                    .isEmpty())
                throw new UncheckedIOException(new IOException(
                        "`" + place + "`, which " + it.text() + " needs, has no digest at " + registry));
        });
    }

    /// What `pip install --report` writes: each archive with its hashes.
    private static void reported(PackagedCommand it, Path work) throws IOException {
        if (!(json(work.resolve("report.json")) instanceof Json.Obj report))
            throw new IOException(it.text() + ": the installer left no record of what it installed");
        for (var one : report.items("install"))
            if (one instanceof Json.Obj installed && installed.object("download_info").object("archive_info")
                    .object("hashes").string("sha256").isEmpty())
                throw new IOException("a package that " + it.text() + " needs has no digest");
    }

    private static Json json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) return Json.NULL;
        if (Files.size(file) > RECORD_BYTES_MAX) throw new IOException("`" + file.getFileName() + "` is too large");
        try {
            return JsonReader.read(Files.readAllBytes(file), Limits.DEFAULT.withBytes(RECORD_BYTES_MAX));
        } catch (JsonException unreadable) {
            throw new IOException("`" + file.getFileName() + "` cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    /// From now on nobody writes it: it is its owner's, who is no server.
    private static void own(Path work) throws IOException {
        var self = Files.getOwner(work);
        Files.walkFileTree(work, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) throws IOException {
                return visitFile(at, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path at, BasicFileAttributes attributes) throws IOException {
                if (!Files.getOwner(at, LinkOption.NOFOLLOW_LINKS).equals(self))
                    Files.getFileAttributeView(at, FileOwnerAttributeView.class,
                            LinkOption.NOFOLLOW_LINKS).setOwner(self);
                return FileVisitResult.CONTINUE;
            }
        });
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    // --- registries -----------------------------------------------------------------------------------------------

    private Set<String> origins(String registry) throws IOException {
        var origins = new LinkedHashSet<String>();
        for (var one : all(registry))
            origins.add(HttpUrl.of(one).orElseThrow(() -> new IOException("`" + one + "` is no address")).origin());
        return origins;
    }

    private List<String> all(String registry) {
        var all = new ArrayList<>(config.registries().files());
        all.addFirst(registry);
        return all;
    }

    /// What configuration names, else what the operator's own installer uses.
    private String registry(Kind kind) throws IOException {
        var named = kind == Kind.NPM ? config.registries().npm() : config.registries().python();
        if (named.isPresent()) return named.get();
        var own = kind == Kind.NPM
                ? asked("npm", "config", "get", "registry")
                : asked("python3", "-m", "pip", "config", "get", "global.index-url");
        return own.map(String::strip).filter(it -> HttpUrl.of(it).isPresent() || HttpUrl.of(it + "/").isPresent())
                .map(it -> HttpUrl.of(it).isPresent() ? it : it + "/")
                .orElseThrow(() -> new IOException("nothing says where packages lie: name `mcp.registries."
                        + kind.word() + "` in the configuration"));
    }

    private static Optional<String> asked(String... command) {
        try {
            return Optional.of(InsecureCommand.output(List.of(command)));
        } catch (IOException silent) {
            LOG.log(Level.DEBUG, "`" + command[0] + "` does not say where packages lie", silent);
            return Optional.empty();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (var all = Files.walk(tree)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(one);
        }
    }
}
