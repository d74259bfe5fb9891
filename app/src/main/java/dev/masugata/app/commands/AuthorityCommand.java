package dev.masugata.app.commands;

import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `ca`: the certificate that clients of the proxy are to trust.
@Command(
        name = "ca",
        description = {
            "Prints the certificate of this home's authority (PEM), by which the forward proxy opens TLS.",
            "Only clients that are told to trust it can be read. Runs have one of their own, and trust it already."
        },
        footer = {
            "",
            "Examples:",
            "  masugata ca > masugata-ca.pem",
            "  curl --cacert masugata-ca.pem -x http://coder:TOKEN@127.0.0.1:7172 https://docs.example.com/"
        })
final class AuthorityCommand extends Options implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        var file = home().directory().resolve("ca.pem");
        if (!Files.exists(file))
            throw new Failure(1, "there is no authority yet: `masugata serve` makes it when it first listens");
        var pem = Files.readString(file);
        if (json) print(Json.object("pem", pem));
        else System.out.print(pem);
        return 0;
    }
}
