package dev.masugata.app.commands;

import dev.masugata.app.Home;
import dev.masugata.app.control.ControlClient;
import dev.masugata.app.control.Link;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.ledger.LedgerReader;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every command takes, and the way from it to the gate.
public class Options {
    @Option(names = "--home", paramLabel = "DIR", description = "Masugata's home (default: $$MASUGATA_HOME, else ~/.masugata)")
    @Nullable Path homeDirectory;

    @Option(names = "--json", description = "print JSON, for programs")
    boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and exit")
    boolean help;

    Home home() {
        return Home.of(Optional.ofNullable(homeDirectory));
    }

    /// The running gate.
    Link gate() {
        try {
            home().check();
        } catch (Home.Unusable unusable) {
            throw new Failure(Failure.REFUSED, String.valueOf(unusable.getMessage()));
        }
        return ControlClient.connect(home().socket())
                .orElseThrow(() -> new Failure(
                        Failure.FAILED, "no gate is running; start one with `masugata serve` or `masugata run`"));
    }

    /// Asks the running gate and waits for the answer.
    Json.Obj ask(Json.Obj request) {
        try (var link = gate()) {
            return ask(link, request);
        } catch (IOException gone) {
            throw new Failure(Failure.FAILED, "the gate went away: " + gone.getMessage());
        }
    }

    static Json.Obj ask(Link link, Json.Obj request) throws IOException {
        link.message(request);
        while (true) {
            switch (link.receive().orElseThrow(() -> new IOException("it closed the connection"))) {
                case Link.Received.End(var end) -> {
                    return checked(end);
                }
                case Link.Received.Message(var message) ->
                    message.string("say").ifPresent(text -> System.err.println("masugata: " + text));
                case Link.Received.Input _, Link.Received.Output _, Link.Received.Error _ -> {}
            }
        }
    }

    static Json.Obj checked(Json.Obj end) {
        var error = end.string("error");
        if (error.isPresent())
            throw new Failure(end.integer("code").orElse((long) Failure.FAILED).intValue(), error.get());
        return end;
    }

    static Json.Obj request(String command) {
        return Json.object("do", command);
    }

    /// The record, read-only: also without a gate.
    LedgerReader record() {
        return LedgerReader.open(LedgerOptions.at(home().directory()));
    }

    void print(Json value) {
        System.out.println(JsonWriter.text(value));
    }
}
