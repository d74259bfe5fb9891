package dev.masugata.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.masugata.inspect.Calibration;
import dev.masugata.inspect.ModelFile;
import dev.masugata.ledger.Ledger;
import dev.masugata.ledger.LedgerOptions;
import dev.masugata.model.Action;
import dev.masugata.model.Channel;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.train.ChannelThreshold;
import dev.masugata.train.Training;
import dev.masugata.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The weights, thresholds and recorded texts of a home.
class HomeModelTest {
    @TempDir
    Path directory;

    private Home home;

    @BeforeEach
    void makeHome() throws Home.Unusable {
        home = new Home(directory.resolve("home"));
        home.make();
    }

    @Test
    void aHomeWithoutItsOwnUsesWhatIsShipped() throws Exception {
        assertEquals(ModelFile.shipped().digest(), HomeModel.of(home).digest());
    }

    @Test
    void ownWeightsArePreferredAndDamagedOnesRefused() throws Exception {
        var trained = new Training(3, 1, _ -> {}).run(List.of());
        Files.write(HomeModel.weights(home), trained.bytes());
        assertEquals(trained.model().digest(), HomeModel.of(home).digest());
        var damaged = trained.bytes().clone();
        damaged[1_000] ^= 1;
        Files.write(HomeModel.weights(home), damaged);
        var refused = assertThrows(Home.Unusable.class, () -> HomeModel.of(home));
        assertTrue(String.valueOf(refused.getMessage()).contains("model.bin"), refused.getMessage());
    }

    @Test
    void aCalibrationIsKeptForItsWeightsAlone() throws Exception {
        var model = HomeModel.uncalibrated(home);
        HomeModel.keep(home, model, Channel.USER, learnt(model.digest(), Channel.USER));
        HomeModel.keep(home, model, Channel.MEMORY, learnt(model.digest(), Channel.MEMORY));
        var calibrated = HomeModel.of(home);
        for (var channel : List.of(Channel.USER, Channel.MEMORY))
            assertTrue(calibrated.head(channel).flag() < model.head(channel).flag(), channel.word());
        assertEquals(model.head(Channel.EGRESS).flag(), calibrated.head(Channel.EGRESS).flag());

        Files.write(HomeModel.weights(home), new Training(3, 1, _ -> {}).run(List.of()).bytes());
        var others = HomeModel.of(home);
        assertEquals(HomeModel.uncalibrated(home).head(Channel.USER).flag(), others.head(Channel.USER).flag());

        Files.writeString(HomeModel.calibration(home), "{}}");
        assertThrows(Home.Unusable.class, () -> HomeModel.of(home));
    }

    private static Calibration.Learnt learnt(String digest, Channel channel) {
        var model = ModelFile.shipped();
        assertEquals(model.digest(), digest);
        var threshold = new ChannelThreshold(model, channel, 0.2);
        for (int i = 0; i < 100; i++) threshold.add("The ferry to the island leaves at " + i + " past the hour.");
        return threshold.learnt();
    }

    @Test
    void whatWasAllowedIsTheTrafficOfItsChannel() {
        try (var ledger = Ledger.open(LedgerOptions.at(home.directory()))) {
            decided(ledger, Action.Kind.TOOL_CALL, "tool_call", "sent", Outcome.ALLOWED);
            decided(ledger, Action.Kind.DELIVERY, "tool_call", "answer", Outcome.ALLOWED);
            decided(ledger, Action.Kind.DELIVERY, "tool_call", "denied answer", Outcome.DENIED);
            decided(ledger, Action.Kind.DELIVERY, "tool_list", "description", Outcome.ALLOWED);
            var found = new ArrayList<String>();
            for (var channel : List.of(Channel.EGRESS, Channel.TOOL_RESULT, Channel.TOOL_DESCRIPTION))
                RecordedTexts.each(ledger.reader(), channel, it -> found.add(channel.word() + " " + it));
            assertEquals(List.of("egress sent", "tool-result answer", "tool-description description"), found);
        }
    }

    private static void decided(Ledger ledger, Action.Kind kind, String answers, String text, Outcome outcome) {
        var payload = Json.object("content", Json.object("text", text)).with("answers", answers);
        var digest = "9f".repeat(32);
        long asked = ledger.append(new Event.Asked("s-1", "agent:coder", kind, "files", digest, payload));
        ledger.append(new Event.Decided(
                "s-1", "agent:coder", asked, kind, "files", digest, outcome, List.of(), "policy-1", ""));
    }
}
