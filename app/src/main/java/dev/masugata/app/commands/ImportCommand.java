package dev.masugata.app.commands;

import dev.masugata.app.terraform.FirewallRules;
import dev.masugata.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `import`: what others wrote, as ours.
@Command(
        name = "import",
        description = {
            "Makes an allow list of Terraform's egress rules by domain name (Google Cloud NGFW), and says what was "
                    + "left out.",
            "The list is printed for a look; put it into the configuration yourself. The report is on standard error."
        },
        footer = {
            "",
            "Examples:",
            "  masugata import terraform firewall.tf",
            "  masugata import terraform firewall.tf --json"
        })
final class ImportCommand extends Options implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "KIND", description = "terraform")
    String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE")
    Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (kind.equals("transcript"))
            throw new Failure(Failure.USAGE, "`import transcript`: the LLM gate is not built yet");
        if (!kind.equals("terraform"))
            throw new Failure(Failure.USAGE, "`import` knows `terraform`, not `" + kind + "`");
        if (!Files.isRegularFile(file)) throw new Failure(Failure.USAGE, "there is no file `" + file + "`");
        FirewallRules.Meaning meaning;
        try {
            meaning = FirewallRules.of(Files.readString(file));
        } catch (IllegalArgumentException unreadable) {
            throw new Failure(Failure.FAILED, "`" + file + "`: " + unreadable.getMessage());
        }
        if (json)
            print(Json.object("allow", Json.strings(meaning.rules().stream().map(it -> it.text()).toList()))
                    .with("report", Json.strings(meaning.report())));
        else {
            System.out.print(meaning.yaml());
            meaning.report().forEach(it -> System.err.println("masugata: " + it));
        }
        return 0;
    }
}
