package dev.masugata.app.config;

import dev.masugata.checkpoint.Budget;
import dev.masugata.checkpoint.ModelRate;
import dev.masugata.checkpoint.Price;
import dev.masugata.checkpoint.RateLimits.Rate;
import dev.masugata.credentials.Credential;
import dev.masugata.credentials.Identity;
import dev.masugata.credentials.Lending;
import dev.masugata.gates.llm.Format;
import dev.masugata.inspect.guard.GuardFiles;
import dev.masugata.model.Channel;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Severity;
import dev.masugata.model.ToolClass;
import dev.masugata.policy.HostRule;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// All that configuration says, checked. A value that exists is valid.
///
/// @param users    what groups users belong to
/// @param credentials by name, without their values
/// @param policies files or directories of Cedar text; none: the built-in policy
/// @param managed  what the owner of the machine asks beside
/// @param rates    by dimension: `caller`, `tool`, `address`
/// @param otlp     where traces go, if anywhere
/// @param guard    a classifier of the operator's own, if there is one
/// @param hosts    which hosts are opened for all sessions
/// @param authorities certificates that upstreams are trusted by, instead of the system's
/// @param registries where packages of servers are installed from
/// @param identities whose signed tokens open the gates
/// @param prices   what calls cost
/// @param budgets  how much may be spent
/// @param providers of models, by name
/// @param models   what their models cost; of those that fit a model the first counts
/// @param rights   to ask our own server, by group
/// @param review   after what time somebody is to look again at a tool that is approved now, if at all
public record Config(
        InetSocketAddress gates,
        InetSocketAddress proxy,
        InetSocketAddress people,
        List<AgentEntry> agents,
        Users users,
        Map<String, ServerEntry> servers,
        Map<String, Credential> credentials,
        List<Path> policies,
        Managed managed,
        Duration holdWait,
        Duration holdExpiry,
        Duration retention,
        Map<String, Rate> rates,
        Optional<String> otlp,
        Optional<GuardEntry> guard,
        Optional<Duration> review,
        List<HostRule> hosts,
        Optional<Path> authorities,
        Registries registries,
        List<Identity.Provider> identities,
        List<Price> prices,
        List<Budget> budgets,
        Map<String, ProviderEntry> providers,
        List<ModelRate> models,
        Map<String, Set<String>> rights) {

    /// The same, under what the owner of the machine asks.
    public Config under(Managed managed) {
        return new Config(
                gates, proxy, people, agents, users, servers, credentials, policies, managed, holdWait, holdExpiry,
                        retention, rates, otlp, guard, review, hosts, authorities, registries,
                        identities, prices, budgets, providers, models, rights);
    }

    /// Who answers calls of models.
    ///
    /// @param credential which of `credentials` fills the slot of its key
    /// @param instead    who is asked where it fails, in order
    /// @param promises   what the operator knows of it, for policies
    /// @param allow      what it may do by itself, by the catalog's names
    public record ProviderEntry(
            String name, Format format, String url, Optional<String> credential, List<String> instead,
            Set<String> promises, Set<String> allow) {}

    /// A caller from outside.
    ///
    /// @param token where its token stands: `file:PATH` or `env:NAME`; empty: it has one made by `masugata agents add`
    public record AgentEntry(String id, String user, Set<String> groups, Optional<Secret> token) {}

    /// Where a value stands that is never in configuration itself.
    public sealed interface Secret {
        record InFile(Path file) implements Secret {}

        record InEnvironment(String name) implements Secret {}
    }

    /// A classifier that looks at texts beside our own detectors.
    ///
    /// @param threshold the share of certainty from which on a text is suspicious; empty: what calibration has learnt
    /// @param channels  where it looks; at least one
    /// @param timeout   for all texts of one action
    public record GuardEntry(
            GuardFiles files, OptionalDouble threshold, Set<Channel> channels, Severity severity, Duration timeout) {}

    /// Where packages come from.
    ///
    /// @param npm    a registry of npm; empty: the one that the operator's own `npm` uses
    /// @param python an index of Python packages (PEP 503); empty: the one that the operator's own `pip` uses
    /// @param files  other origins at which their files lie
    public record Registries(Optional<String> npm, Optional<String> python, List<String> files) {
        public static final Registries OWN = new Registries(Optional.empty(), Optional.empty(), List.of());
    }

    /// An MCP server: a program that is run sealed, or an address.
    ///
    /// @param command the program and its arguments; empty where there is an address
    /// @param url     its endpoint; empty where there is a program
    /// @param lending which of `credentials` fills a slot of its requests
    /// @param dir     what `{workspace}` means under `serve`
    /// @param env     the whole environment it gets
    /// @param read    directories it may read besides the system's
    /// @param tools   classes that the operator gives to tools
    /// @param labels  what its content is: all of it, and more exactly that of tools and fields
    /// @param trustAnnotations whether its tools' own annotations may confirm a class
    /// @param firstUse whether its definitions count as they are first seen
    /// @param signed  keys, one of which must have signed each of its definitions; empty: they need no signature
    /// @param host    whether it works on the real `dir` in runs too, where others have the session's copy
    /// @param allow   hosts that its program reaches through the egress gate; none: it has no network
    /// @param shared  whether one process of it serves all sessions
    public record ServerEntry(
            String name,
            List<String> command,
            Optional<String> url,
            Lending lending,
            Optional<Path> dir,
            Map<String, String> env,
            List<Path> read,
            Map<String, ToolClass> tools,
            ContentLabels labels,
            boolean trustAnnotations,
            boolean firstUse,
            List<PublicKey> signed,
            Duration timeout,
            boolean host,
            List<HostRule> allow,
            boolean shared) {

        /// The package that it is started from, if it is one.
        public Optional<PackagedCommand> packaged() {
            return PackagedCommand.of(command);
        }

        /// True if it works on the session's files.
        public boolean usesWorkspace() {
            return command.stream().anyMatch(it -> it.contains("{workspace}"));
        }
    }
}
