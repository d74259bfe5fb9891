package dev.masugata.app.config;

import dev.masugata.model.ToolClass;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads `masugata.yaml`.
public final class ConfigFile {
    static final Duration HOLD_WAIT = Duration.ofSeconds(45);
    static final Duration HOLD_EXPIRY = Duration.ofHours(1);
    static final Duration RETENTION = Duration.ofDays(180);
    /// Shorter, and what an operator is to look at is erased before anybody can.
    static final Duration RETENTION_MIN = Duration.ofHours(1);

    private final String file;
    private final Optional<Start> start;
    private final Path directory;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ConfigFile(Path file, Optional<Start> start) {
        this.start = start;
        this.file = file.toString();
        this.directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    }

    /// What holds without any file.
    public static Config defaults() {
        try {
            return new ConfigFile(Path.of("masugata.yaml"), Optional.empty()).config(null);
        } catch (ConfigProblem.Invalid impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A gate that is to start under it: then what it names on this machine is looked at too.
    ///
    /// @param hidden what no server may see: Masugata's home, then its installation
    /// @param serves whether callers from outside are served, who bring no workspace
    public record Start(List<Path> hidden, boolean serves) {
        public Start {
            hidden = List.copyOf(hidden);
        }

        /// Masugata's home: the first of what is hidden.
        Path home() {
            return hidden.getFirst();
        }
    }

    /// Reads what the file says, whatever stands on this machine.
    ///
    /// @throws ConfigProblem.Invalid with everything that is wrong
    public static Config read(Path file) throws ConfigProblem.Invalid {
        return read(file, Optional.empty());
    }

    /// Reads it for a gate that starts.
    ///
    /// @throws ConfigProblem.Invalid with everything that is wrong, here too
    public static Config read(Path file, Start start) throws ConfigProblem.Invalid {
        return read(file, Optional.of(start));
    }

    private static Config read(Path file, Optional<Start> start) throws ConfigProblem.Invalid {
        return new ConfigFile(file, start).config(Yaml.read(file));
    }

    private Config config(@Nullable Node root) throws ConfigProblem.Invalid {
        var top = new Section(file, "", root, problems);
        var listen = ListenSection.read(top);
        var agents = new AgentSection(start.isPresent(), this::path).read(top);
        var users = AgentSection.users(top);
        var identities = IdentitySection.read(top);
        var credentials = new CredentialSection(this::path, new Told(start.map(Start::home))).read(top);
        var mcp = new ServerSection(start, this::path, credentials).read(top);
        var policies = policies(top);
        var approvals = top.section("approvals");
        var wait = approvals.duration("wait", HOLD_WAIT);
        var expire = approvals.duration("expire", HOLD_EXPIRY);
        approvals.done();
        var retention = ledger(top);
        var rates = RateSection.read(top);
        var telemetry = top.section("telemetry");
        var otlp = telemetry.parsed("otlp", "an address such as http://127.0.0.1:4318", ConfigFile::httpAddress);
        telemetry.done();
        var guard = GuardSection.read(top, this::path);
        var models = new ModelSection(credentials).read(top);
        var egress = new EgressSection(this::path).read(top);
        var prices = MoneySection.prices(top, mcp.servers().keySet());
        var budgets = MoneySection.budgets(top, prices, models.rates());
        var rights = WatchSection.rights(top);
        top.done();
        if (!problems.isEmpty()) throw new ConfigProblem.Invalid(problems);
        return new Config(
                listen.gates(), listen.proxy(), listen.people(), agents, users, mcp.servers(), credentials, policies,
                        Managed.NONE,
                        wait,
                        expire, retention,
                rates, otlp, guard, mcp.review(), egress.rules(), egress.authorities(), mcp.registries(), identities,
                prices, budgets, models.providers(), models.rates(),
                rights);
    }

    private static Optional<String> httpAddress(String text) {
        return text.startsWith("http://") || text.startsWith("https://") ? Optional.of(text) : Optional.empty();
    }

    /// The class of that name; `unconfirmed` is not one that a person gives.
    public static Optional<ToolClass> toolClass(String word) {
        for (var it : ToolClass.values())
            if (it != ToolClass.UNCONFIRMED && it.name().toLowerCase(Locale.ROOT).equals(word)) return Optional.of(it);
        return Optional.empty();
    }

    /// A time as configuration writes it: `45s`, `10m`, `1h`, `180d`.
    public static Optional<Duration> duration(String text) {
        return Section.duration(text);
    }

    private List<Path> policies(Section top) {
        var path = top.parsed("policy", "a path", this::path);
        if (path.isPresent() && !Files.exists(path.get()))
            top.problemAt("policy", "`policy`: there is no `" + path.get() + "`");
        return path.map(List::of).orElse(List.of());
    }

    private static Duration ledger(Section top) {
        var ledger = top.section("ledger");
        ledger.parsed("url", "`sqlite:ledger.db` (another store is not built yet)", it ->
                it.equals("sqlite:ledger.db") ? Optional.of(it) : Optional.empty());
        ledger.parsed("record", "`redacted`", it -> it.equals("redacted") ? Optional.of(it) : Optional.empty());
        if (!ledger.texts("anchors").isEmpty())
            ledger.problemAt("anchors", "`ledger.anchors`: anchoring is not built yet");
        var retention = ledger.duration("retention", RETENTION);
        if (retention.compareTo(RETENTION_MIN) < 0)
            ledger.problemAt(
                    "retention", "`ledger.retention` must be 1h at least: content is read after it was written");
        ledger.done();
        return retention;
    }

    /// From where the file stands; empty for what no file system can name.
    private Optional<Path> path(String text) {
        try {
            return Optional.of(UserHome.resolve(directory, text));
        } catch (InvalidPathException unnameable) {
            return Optional.empty();
        }
    }
}
