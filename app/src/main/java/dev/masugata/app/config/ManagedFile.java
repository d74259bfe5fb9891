package dev.masugata.app.config;

import dev.masugata.policy.HostRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads `managed.yaml`, which the owner of the machine writes and nobody else may.
///
/// A gate that cannot keep all of it does not start: to go on without would be less protection than somebody asked for.
public final class ManagedFile {
    /// Where it stands. Not to be named by whoever starts a gate: that would be a way around it.
    private static final Path FILE = Path.of("/etc/masugata/managed.yaml");

    private final Path file;
    private final RootOwned owned;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ManagedFile(Path file, RootOwned owned) {
        this.file = file;
        this.owned = owned;
    }

    /// This machine's.
    ///
    /// @throws ConfigProblem.Invalid with everything that is wrong, or asked for and not kept by this version
    public static Managed read() throws ConfigProblem.Invalid {
        return read(FILE, RootOwned.here());
    }

    static Managed read(Path file, RootOwned owned) throws ConfigProblem.Invalid {
        // What cannot be looked at is not taken to be absent.
        return Files.notExists(file, LinkOption.NOFOLLOW_LINKS) ? Managed.NONE : new ManagedFile(file, owned).managed();
    }

    private Managed managed() throws ConfigProblem.Invalid {
        refuseForeign();
        var top = new Section(file.toString(), "", Yaml.read(file), problems);
        var policy = top.parsed("policy", "a path", this::path);
        policy.ifPresent(it -> policies(top, it));
        var approvals = top.section("approvals");
        boolean separate = approvals.flag("separate");
        approvals.done();
        var ledger = top.section("ledger");
        ledger.parsed("anchors", "`required`", it -> it.equals("required") ? Optional.of(it) : Optional.empty())
                .ifPresent(_ -> ledger.problemAt(
                        "anchors",
                        "`ledger.anchors` is required, and there is none: anchoring is not built yet, so no gate"
                                + " starts here"));
        ledger.done();
        var egress = top.section("egress");
        var forbid = new ArrayList<HostRule>();
        for (var host : egress.texts("forbid"))
            HostRule.parse(host, false).ifPresentOrElse(forbid::add, () -> egress.problemAt(
                    "forbid", "`egress.forbid`: `" + host + "` is no host"));
        egress.done();
        top.done();
        if (!problems.isEmpty()) throw new ConfigProblem.Invalid(problems);
        return new Managed(Optional.of(file), policy.map(List::of).orElse(List.of()), separate, forbid);
    }

    private Optional<Path> path(String text) {
        try {
            return Optional.of(file.toAbsolutePath().resolveSibling(text).normalize());
        } catch (InvalidPathException unnameable) {
            return Optional.empty();
        }
    }

    /// Whoever could take a policy away could lower what it asks for.
    private void policies(Section top, Path policy) {
        try {
            var fault = owned.fault(policy);
            if (fault.isEmpty() && Files.isDirectory(policy))
                try (var files = Files.newDirectoryStream(policy, "*.cedar")) {
                    for (var one : files) if (fault.isEmpty()) fault = owned.fault(one);
                }
            fault.ifPresent(why -> top.problemAt("policy", "`policy`: " + why));
        } catch (IOException unreadable) {
            top.problemAt("policy", "`policy`: `" + policy + "` cannot be looked at: " + unreadable.getMessage());
        }
    }

    private void refuseForeign() throws ConfigProblem.Invalid {
        Optional<String> fault;
        try {
            fault = owned.fault(file);
        } catch (IOException unreadable) {
            fault = Optional.of("cannot be looked at: " + unreadable.getMessage());
        }
        if (fault.isPresent())
            throw new ConfigProblem.Invalid(List.of(new ConfigProblem(file.toString(), 1, 1, fault.get())));
    }
}
