package dev.masugata.app.commands;

import dev.masugata.app.GateProcess;
import dev.masugata.app.control.ControlClient;
import dev.masugata.app.control.Link;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `serve`, the resident gate, and `mcp`.
final class GateLine {
    private GateLine() {}

    @Command(
            name = "serve",
            description = "Runs the gates for agents from outside until stopped.",
            footer = {"", "Example:", "  masugata serve --config examples/first.yaml"})
    static final class Serve extends Options implements Callable<Integer> {
        @Option(names = "--config", paramLabel = "FILE", description = "the configuration (default: masugata.yaml in the home)")
        @Nullable Path config;

        @Override
        public Integer call() {
            takeOver();
            try {
                GateProcess.run(home(), Optional.ofNullable(config), true);
                return 0;
            } catch (GateProcess.Failed failed) {
                throw new Failure(Failure.FAILED, String.valueOf(failed.getMessage()));
            }
        }

        /// A resident gate without runs makes way; one with runs is named.
        private void takeOver() {
            var running = ControlClient.connect(home().socket());
            if (running.isEmpty()) return;
            try (var link = running.get()) {
                ask(link, request("hand-over"));
                if (!home().awaitFree(Duration.ofSeconds(20)))
                    throw new Failure(Failure.FAILED, "the resident gate of this home does not end; see " + home().log());
            } catch (IOException ended) {
                System.getLogger("masugata.serve").log(System.Logger.Level.DEBUG, "the resident gate ended", ended);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Command(name = "gate-process", hidden = true, description = "The resident gate; started by `run`.")
    static final class Resident extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            try {
                GateProcess.run(home(), Optional.empty(), false);
                return 0;
            } catch (GateProcess.Failed failed) {
                throw new Failure(Failure.FAILED, String.valueOf(failed.getMessage()));
            }
        }
    }

    @Command(
            name = "mcp",
            description = "Speaks MCP over standard input and output for a client that knows nothing else.",
            footer = {
                "",
                "Example:",
                "  masugata mcp --server files",
                "",
                "The same in a client's configuration:",
                "  { \"command\": \"masugata\", \"args\": [\"mcp\", \"--server\", \"files\"] }"
            })
    static final class Mcp extends Options implements Callable<Integer> {
        /// Bytes of one line.
        private static final int LINE_BYTES_MAX = 4 * 1024 * 1024;

        @Option(names = "--server", paramLabel = "NAME", required = true, description = "which of the configured servers")
        String server = "";

        @Option(names = "--agent", paramLabel = "ID", description = "who is calling (default: local)")
        String agent = "local";

        @Override
        public Integer call() throws IOException {
            try (var link = dev.masugata.app.ResidentGate.ensure(home())) {
                link.message(request("mcp").with("server", server).with("agent", agent));
                Thread.ofPlatform().daemon().name("input").start(() -> input(link));
                while (true) {
                    switch (link.receive().orElseThrow(() -> new IOException("the gate closed the connection"))) {
                        case Link.Received.Output(var bytes) -> {
                            System.out.write(bytes);
                            System.out.flush();
                        }
                        case Link.Received.End(var end) -> {
                            checked(end);
                            return 0;
                        }
                        case Link.Received.Message _, Link.Received.Error _, Link.Received.Input _ -> {}
                    }
                }
            }
        }

        private static void input(Link link) {
            try (var in = new BufferedInputStream(System.in)) {
                var line = new ByteArrayOutputStream();
                for (int b = in.read(); b >= 0; b = in.read()) {
                    if (b != '\n' && line.size() < LINE_BYTES_MAX) line.write(b);
                    if (b != '\n') continue;
                    if (line.size() > 0) link.input(line.toByteArray());
                    line.reset();
                }
                link.input(new byte[0]);
            } catch (IOException ended) {
                System.getLogger("masugata.mcp").log(System.Logger.Level.DEBUG, "input ended", ended);
            }
        }
    }

}
