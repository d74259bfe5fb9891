package dev.masugata.checkpoint;

import dev.masugata.inspect.Inspection;
import dev.masugata.model.Action;
import dev.masugata.model.Circumstance;
import dev.masugata.model.ContentLabels;
import dev.masugata.model.Finding;
import dev.masugata.model.Reason;
import dev.masugata.model.Session;
import dev.masugata.wire.Json;
import java.util.List;

/// Judges a text that somebody else is about to send to a model, or has got from one: the same inspection, the same
/// policy, the same record, and nothing leaves.
public final class Screening {
    /// The provider that such texts go to in policies and in the record: none.
    public static final String PROVIDER = "guard";

    private final Checkpoint checkpoint;

    public Screening(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /// What came of a text.
    ///
    /// @param text     as it may be used; empty where it may not
    /// @param denied   nothing of it may be used
    /// @param found    what inspection saw, whatever policy made of it
    /// @param because  why it is not what it was
    /// @param decision its id on record, where it has one
    public record Screened(String text, boolean denied, List<Finding> found, List<Reason> because, String decision) {
        public Screened {
            found = List.copyOf(found);
            because = List.copyOf(because);
        }
    }

    /// A prompt: an action like a call of a model.
    ///
    /// @param asked whose body holds the text at `/text`
    public Screened prompt(Session session, Action.ModelCall asked, Circumstance circumstance) {
        var found = seen(asked);
        return switch (checkpoint.judge(session, asked, circumstance, Waiting.NONE)) {
            case Refusal refusal -> new Screened("", true, found, refusal.because(), refusal.id());
            case Permit permit -> {
                checkpoint.done(permit, "screened", 0, 0, 0, Json.NULL);
                var text = ((Action.ModelCall) permit.action()).says().string("text").orElse("");
                yield new Screened(text, false, found, List.of(), permit.decision());
            }
        };
    }

    /// What a model has answered: a delivery.
    public Screened answer(Session session, Action.ModelCall asked, Circumstance circumstance) {
        var delivery = new Action.Delivery(asked, asked.says());
        var found = seen(delivery);
        return switch (checkpoint.deliveries().deliver(session, delivery, circumstance, ContentLabels.of(), "")) {
            case Delivered.Withheld(var refusal) ->
                new Screened("", true, found, refusal.because(), refusal.id());
            case Delivered.Passed(var shown) ->
                new Screened(shown.string("text").orElse(""), false, found, List.of(), "");
        };
    }

    private List<Finding> seen(Action action) {
        Inspection seen = checkpoint.inspect(action);
        return seen.findings();
    }
}
