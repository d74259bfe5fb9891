package dev.masugata.app;

import dev.masugata.app.config.Config.ServerEntry;
import dev.masugata.gates.egress.Clients;
import dev.masugata.gates.egress.EgressGate;
import dev.masugata.gates.egress.NamePool;
import dev.masugata.model.Principal;
import dev.masugata.model.Session;
import dev.masugata.net.CertificateAuthority;
import dev.masugata.net.Listener;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.policy.HostRule;
import dev.masugata.sandbox.SealException;
import dev.masugata.sandbox.SealSpec;
import dev.masugata.sandbox.SealedProcess;
import dev.masugata.sandbox.SealedSession;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The network of a server's program: a seal of its own, whose every connection comes to an egress gate that opens what
/// configuration names for this server, and nothing that was opened for the agent.
final class ServerNetwork {
    private static final System.Logger LOG = System.getLogger("masugata.server");

    /// Makes the gate of one server.
    interface Gates {
        /// @param rules the hosts that are opened
        EgressGate of(List<HostRule> rules, Clients clients, EgressGate.Denials denials, NamePool names);
    }

    private final Seals seals;
    private final Gates gates;
    private final SecureRandom random;
    private final InstantSource clock;

    ServerNetwork(Seals seals, Gates gates, SecureRandom random, InstantSource clock) {
        this.seals = seals;
        this.gates = gates;
        this.random = random;
        this.clock = clock;
    }

    /// Starts a program with its own way out.
    SealedProcess start(Session session, ServerEntry server, SealSpec spec) throws SealException, IOException {
        var trust = Trust.ofRun(random, clock);
        var seal = seals.beside(session, server.name(), List.of(Runs.PROXY), trust.files());
        try {
            var names = new NamePool();
            var gate = gates.of(server.allow(), clients(session, server), (_, what, refusal) -> LOG.log(Level.INFO,
                    server.name() + ": denied " + what + " - " + refusal.text()), names);
            var open = open(seal, trust.authority(), gate, names);
            try {
                var process = seal.start(networked(spec));
                process.onExit().whenComplete((_, _) -> close(open, seal));
                return process;
            } catch (SealException | RuntimeException failed) {
                close(open, seal);
                throw failed;
            }
        } catch (SealException | IOException | RuntimeException failed) {
            seals.stop(seal);
            throw failed;
        }
    }

    private static List<AutoCloseable> open(
            SealedSession seal, CertificateAuthority authority, EgressGate gate, NamePool names) throws IOException {
        var proxy = Server.start(ServerOptions.on(new Listener.Adopted(seal.listeners().getFirst().take()))
                .asProxy(authority), gate);
        try {
            return List.of(Captured.of(seal, authority, gate, names), proxy);
        } catch (IOException failed) {
            proxy.close();
            throw failed;
        }
    }

    private void close(List<AutoCloseable> open, SealedSession seal) {
        for (var one : open)
            try {
                one.close();
            } catch (Exception failed) {
                LOG.log(Level.WARNING, "the network of a server could not be closed", failed);
            }
        seals.stop(seal);
    }

    /// The session's, so that its labels bind and its stop ends it; but not the agent.
    private static Clients clients(Session session, ServerEntry server) {
        var agent = session.agent();
        var itself = new Session(session.id(), new Principal.Agent("masugata-server-" + server.name(), agent.user(),
                agent.groups()), session.purpose(), session.kind());
        var client = Optional.of(new Clients.Client(itself, "server"));
        return (_, _, _) -> client;
    }

    private static SealSpec networked(SealSpec spec) {
        Map<String, String> environment = new LinkedHashMap<>(spec.environment());
        Trust.environment("http://masugata.internal:" + Runs.PROXY).forEach(environment::putIfAbsent);
        return new SealSpec(spec.command(), environment, spec.files(), spec.binds(), SealSpec.Network.SESSION,
                spec.directory(), spec.terminal());
    }
}
