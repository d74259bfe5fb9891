package dev.masugata.policy;

import dev.masugata.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Cedar text to a [PolicySet], or to everything that is wrong with it.
public final class PolicyLoader {
    /// Policies in one set.
    static final int POLICIES_MAX = 5_000;

    private PolicyLoader() {}

    /// Loads policies: parsed, checked for what our order needs, compiled, and validated by cedar-java against the
    /// typed schema.
    ///
    /// @param tools the input schema of each pinned tool, by `server/tool`
    public static PolicySet load(List<Source> sources, Map<String, Json.Obj> tools) throws PolicyProblem.Invalid {
        var shapes = new TreeMap<String, ArgumentShape>();
        tools.forEach((tool, schema) -> shapes.put(tool, ArgumentShape.of(schema)));
        var statements = new ArrayList<Statement>();
        for (var source : sources) statements.addAll(Parser.parse(source));
        var problems = new ArrayList<PolicyProblem>();
        if (statements.size() > POLICIES_MAX)
            problems.add(new PolicyProblem(sources.getFirst().file(), 1, 1, "more than " + POLICIES_MAX + " policies"));
        ids(statements, problems);
        statements.forEach(statement -> form(statement, statements, problems));
        var rules = new ArrayList<PolicySet.Rule>();
        var conditions = new Conditions();
        for (var statement : statements) compile(statement, conditions, rules, problems);
        if (problems.isEmpty()) problems.addAll(CedarValidator.validate(statements, CedarSchema.of(shapes)));
        if (!problems.isEmpty()) throw new PolicyProblem.Invalid(problems);
        return new PolicySet(rules, conditions, shapes, digest(sources, tools));
    }

    /// Checks that policies only forbid: what stands above others may tighten them, and never open anything.
    ///
    /// @throws PolicyProblem.Invalid for each `permit` among them
    public static void onlyForbid(List<Source> sources) throws PolicyProblem.Invalid {
        var problems = new ArrayList<PolicyProblem>();
        for (var source : sources)
            for (var statement : Parser.parse(source))
                if (statement.permits())
                    problems.add(statement.problem(
                            statement.at(),
                            "a managed policy only forbids; a `permit` belongs to a home's own policy"));
        if (!problems.isEmpty()) throw new PolicyProblem.Invalid(problems);
    }

    private static void ids(List<Statement> statements, List<PolicyProblem> problems) {
        var seen = new HashMap<String, Statement>();
        for (var statement : statements) {
            var other = seen.putIfAbsent(statement.id(), statement);
            if (other != null)
                problems.add(statement.problem(
                        statement.at(), "another policy has this id: " + other.problem(other.at(), "").file()));
        }
    }

    private static void form(Statement statement, List<Statement> all, List<PolicyProblem> problems) {
        var hold = statement.hold();
        if (hold.isPresent() && statement.permits())
            problems.add(statement.problem(statement.at(), "`@hold` belongs to a `forbid`: it holds what a permit allows"));
        if (hold.isPresent() && hold.get().isBlank())
            problems.add(statement.problem(statement.at(), "`@hold` needs the question that a person is asked"));
        for (var annotation : List.of("mask", "strip")) {
            var families = statement.annotations().get(annotation);
            if (families == null) continue;
            if (statement.permits() || hold.isPresent())
                problems.add(statement.problem(
                        statement.at(),
                        "`@" + annotation + "` belongs to a `forbid` without `@hold`: what it forbids is taken out"));
            var words = families.strip().split("\\s+");
            if (families.isBlank() || new HashSet<>(List.of(words)).size() != words.length)
                problems.add(statement.problem(
                        statement.at(),
                        "`@" + annotation + "` needs the families of findings, each once: `@mask(\"secret\")`"));
        }
        Monotone.check(statement).ifPresent(problems::add);
        Unmapped.check(statement, all).ifPresent(problems::add);
    }

    private static void compile(
            Statement statement, Conditions conditions, List<PolicySet.Rule> rules, List<PolicyProblem> problems) {
        try {
            var reason = new dev.masugata.model.Reason(statement.id(), statement.reason());
            rules.add(new PolicySet.Rule(statement, reason, conditions.of(statement)));
        } catch (Compiler.Unknown unknown) {
            problems.add(statement.problem(unknown.at, String.valueOf(unknown.getMessage())));
        }
    }

    private static String digest(List<Source> sources, Map<String, Json.Obj> tools) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var source : sources) feed(sha, source.text().getBytes(StandardCharsets.UTF_8));
            new TreeMap<>(tools).forEach((tool, schema) -> {
                feed(sha, tool.getBytes(StandardCharsets.UTF_8));
                feed(sha, dev.masugata.wire.JsonWriter.canonical(schema));
            });
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("this Java has no SHA-256", broken);
        }
    }

    /// With its length before it, so that no two lists of parts read alike.
    private static void feed(MessageDigest sha, byte[] part) {
        sha.update(java.nio.ByteBuffer.allocate(8).putLong(part.length).array());
        sha.update(part);
    }
}
