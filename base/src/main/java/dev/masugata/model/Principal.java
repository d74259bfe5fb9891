package dev.masugata.model;

import java.util.Set;

/// Who asks.
public sealed interface Principal {

    /// The name under which this principal stands in the record, such as `agent:coder`.
    String id();

    /// An agent acting for a user. Its rights are the intersection of both.
    record Agent(String name, String user, Set<String> groups) implements Principal {
        public Agent {
            Names.require("agent", name);
            groups = Set.copyOf(groups);
        }

        @Override
        public String id() {
            return "agent:" + name;
        }
    }

    /// An MCP server that the gate started.
    record Server(String name) implements Principal {
        public Server {
            Names.require("server", name);
        }

        @Override
        public String id() {
            return "server:" + name;
        }
    }

    /// A person who commands Masugata: the operating system's user behind `control.sock`.
    record Operator(String name) implements Principal {
        @Override
        public String id() {
            return "operator:" + name;
        }
    }

    /// Masugata itself, where nobody asked: start, stop, expiry.
    record House() implements Principal {
        @Override
        public String id() {
            return "masugata";
        }
    }
}
