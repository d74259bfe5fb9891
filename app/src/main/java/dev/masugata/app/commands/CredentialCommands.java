package dev.masugata.app.commands;

import static dev.masugata.app.commands.SessionCommands.text;

import dev.masugata.app.Home;
import dev.masugata.credentials.Source;
import dev.masugata.credentials.Vault;
import dev.masugata.net.Request;
import dev.masugata.net.Response;
import dev.masugata.net.Server;
import dev.masugata.net.ServerOptions;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `credentials` and `credentials login`.
final class CredentialCommands {
    private CredentialCommands() {}

    @Command(
            name = "credentials",
            description = "Shows the credentials of the configuration and how they stand, never their values.",
            subcommands = {CredentialCommands.LogIn.class, CredentialCommands.Put.class,
                    CredentialCommands.Remove.class},
            footer = {"", "Examples:", "  masugata credentials", "  masugata credentials put issues < token.txt"})
    static final class Credentials extends Options implements Callable<Integer> {
        @Override
        public Integer call() {
            var answer = ask(request("credentials"));
            if (json) {
                print(answer);
                return 0;
            }
            var table = new Table("CREDENTIAL", "FOR", "SLOT", "FROM", "STATE");
            for (var item : answer.items("credentials"))
                if (item instanceof Json.Obj it)
                    table.row(text(it, "name"), it.string("server").orElse(text(it, "at")), text(it, "slot"),
                            text(it, "from"), text(it, "state"));
            table.print(System.out, "the configuration has no credentials");
            return 0;
        }
    }

    /// The vault of the home that is meant.
    private static Vault vault(Options options) {
        return new Vault(
                options.home().directory(), Optional.ofNullable(System.getenv(Vault.PASSPHRASE)), new SecureRandom());
    }

    @Command(
            name = "put",
            description = {
                "Puts a secret into the vault of this home, to be named `vault:NAME` in the configuration.",
                "It is read from the standard input, one line; at a terminal it is not shown.",
                "With a passphrase in MASUGATA_VAULT_PASSPHRASE (the gate needs it too) the key is made of that;"
                        + " else it lies beside, 0600."
            },
            footer = {"", "Examples:", "  masugata credentials put issues",
                    "  pass show issues | masugata credentials put issues"})
    static final class Put extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        String name = "";

        @Override
        public Integer call() throws IOException {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
                throw new Failure(Failure.USAGE, "a name is 1 to 64 letters, digits, `.`, `_` or `-`");
            try {
                home().make();
            } catch (Home.Unusable unusable) {
                throw new Failure(Failure.FAILED, String.valueOf(unusable.getMessage()));
            }
            vault(this).put(name, secret());
            System.out.println("kept " + name + " in the vault: value: vault:" + name);
            return 0;
        }

        private static String secret() throws IOException {
            var console = System.console();
            if (console != null && console.isTerminal()) {
                var typed = console.readPassword("the secret: ");
                if (typed != null && typed.length > 0) return new String(typed);
            } else {
                var bytes = System.in.readNBytes(Source.BYTES_MAX + 1);
                var line = new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("");
                if (bytes.length <= Source.BYTES_MAX && !line.isBlank()) return line.strip();
            }
            throw new Failure(Failure.USAGE, "no secret was given, or more than " + Source.BYTES_MAX + " bytes");
        }
    }

    @Command(
            name = "remove",
            description = "Takes a secret out of the vault of this home.",
            footer = {"", "Example:", "  masugata credentials remove issues"})
    static final class Remove extends Options implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        String name = "";

        @Override
        public Integer call() throws IOException {
            if (!vault(this).remove(name)) throw new Failure(Failure.FAILED, "the vault has no `" + name + "`");
            System.out.println("removed " + name);
            return 0;
        }
    }

    @Command(
            name = "login",
            description = "Asks a person's consent at an authorization server, in a browser of theirs.",
            footer = {"", "Example:", "  masugata credentials login issues"})
    static final class LogIn extends Options implements Callable<Integer> {
        /// How long a person may take.
        private static final int MINUTES = 10;

        @Parameters(paramLabel = "NAME")
        String name = "";

        @Option(names = "--server", paramLabel = "URL", description =
                "which, where the credential is for several servers")
        @Nullable String server;

        @Override
        public Integer call() throws IOException, InterruptedException {
            BlockingQueue<Map<String, String>> came = new ArrayBlockingQueue<>(1);
            try (var listener = Server.start(ServerOptions.loopback(0), request -> came(request, came))) {
                var redirect = "http://127.0.0.1:" + listener.port() + "/callback";
                var begun = ask(request("credentials-login").with("name", name)
                        .with("server", SessionCommands.or(server)).with("redirect", redirect));
                var page = URI.create(text(begun, "page"));
                // It is printed and never given to a shell or an opener: a server had a word in it.
                System.out.println("open this page, at " + page.getAuthority() + ":");
                System.out.println(page.toASCIIString());
                var said = came.poll(MINUTES, TimeUnit.MINUTES);
                if (said == null) throw new Failure(Failure.FAILED, "nobody answered in " + MINUTES + " minutes");
                var answer = request("credentials-answered").with("name", name)
                        .with("server", SessionCommands.or(server))
                        .with("state", said.getOrDefault("state", "")).with("code", said.getOrDefault("code", ""))
                        .with("failure", said.getOrDefault("error", ""));
                if (said.containsKey("iss")) answer = answer.with("iss", said.get("iss"));
                System.out.println(name + ": " + text(ask(answer), "state"));
                return 0;
            }
        }

        private static Response came(Request request, BlockingQueue<Map<String, String>> came) {
            int query = request.target().indexOf('?');
            if (!request.method().equals("GET") || !request.path().equals("/callback") || query < 0)
                return Response.text(404, "nothing is here\n");
            var said = new HashMap<String, String>();
            for (var pair : request.target().substring(query + 1).split("&")) {
                int equals = pair.indexOf('=');
                if (equals < 1) continue;
                // Twice the same is no answer (RFC 6749 section 3.1).
                if (said.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))) != null)
                    return Response.text(400, "this is no answer\n");
            }
            boolean first = said.containsKey("state") && came.offer(said);
            return first
                    ? Response.text(200, "This window can be closed; the terminal says how it went.\n")
                    : Response.text(400, "no answer is waited for\n");
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                return "";
            }
        }
    }
}
