package dev.masugata.app.commands;

import dev.masugata.wire.Json;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `allow`: opens a host for a session.
@Command(
        name = "allow",
        description = {
            "Opens a host for a session under way, until it ends.",
            "A host that strangers share (code hosts, registries, stores) is opened for reading only; whose account "
                    + "may be"
                    + " written to is a line of the configuration: {host: github.com, tenant: our-org/our-repo}."
        },
        footer = {
            "",
            "Examples:",
            "  masugata allow docs.example.com",
            "  masugata allow api.example.com:8443 --session s-7f3k",
            "  masugata allow packages.example.com --read"
        })
final class AllowCommand extends Options implements Callable<Integer> {
    @Parameters(paramLabel = "HOST[:PORT]")
    String host = "";

    @Option(names = "--session", paramLabel = "SESSION", description = "any unique prefix; default: the latest")
    @Nullable String session;

    @Option(names = "--read", description = "only for requests that read")
    boolean read;

    @Override
    public Integer call() {
        var answer = ask(request("allow").with("host", host).with("read", Json.of(read))
                .with("session", SessionCommands.or(session)));
        if (json) {
            print(answer);
            return 0;
        }
        var only = answer.string("only").orElse("").isEmpty() ? "" : ", for reading only";
        System.out.println("opened " + SessionCommands.text(answer, "host") + " for session "
                + SessionCommands.text(answer, "session") + only);
        if (answer.isTrue("shared") && !read)
            System.err.println("masugata: strangers share this host. To write to one account there: egress.allow:"
                    + " [{host: " + SessionCommands.text(answer, "host") + ", tenant: NAME}]");
        return 0;
    }
}
