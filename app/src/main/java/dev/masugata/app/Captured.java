package dev.masugata.app;

import dev.masugata.gates.egress.EgressGate;
import dev.masugata.gates.egress.NamePool;
import dev.masugata.net.CertificateAuthority;
import dev.masugata.net.Listener;
import dev.masugata.net.NameServer;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.sandbox.SealedSession;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What takes the connections of a run that know nothing of a proxy, and its questions for names.
record Captured(List<AutoCloseable> parts) implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("masugata.run");

    static Captured of(SealedSession seal, CertificateAuthority authority, EgressGate gate, NamePool names)
            throws IOException {
        var parts = new ArrayList<AutoCloseable>();
        if (seal.capture().isEmpty())
            LOG.log(Level.WARNING, "connections of session " + seal.id() + " are not captured: " + seal.uncaptured()
                    + "; programs that know no proxy reach nothing");
        else {
            for (int socket : seal.capture().get().takeConnections())
                parts.add(Server.start(ServerOptions.on(new Listener.Adopted(socket)).asCapture(authority), gate));
            for (int socket : seal.capture().get().takeQuestions()) parts.add(NameServer.adopt(socket, names));
        }
        return new Captured(List.copyOf(parts));
    }

    @Override
    public void close() throws IOException {
        for (var part : parts)
            try {
                part.close();
            } catch (Exception failed) {
                throw new IOException("a run's network could not be closed: " + failed.getMessage(), failed);
            }
    }
}
