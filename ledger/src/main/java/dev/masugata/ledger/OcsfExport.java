package dev.masugata.ledger;

import dev.masugata.model.Action;
import dev.masugata.model.Event;
import dev.masugata.model.Outcome;
import dev.masugata.model.Reason;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes every decision as one JSON line of OCSF 1.5.0, class API Activity (6003) with the profile `security_control`.
///
/// | ours | OCSF |
/// |---|---|
/// | time, in milliseconds | `time` |
/// | entry number | `metadata.uid`, `metadata.sequence` |
/// | principal, session | `actor.user.name`, `actor.session.uid`, `src_endpoint.name` |
/// | target | `api.operation`, `resources[0].name`; what stands before its `/`: `api.service.name` |
/// | kind | `resources[0].type`; lists and reads: `activity_id` 2, changes to files: 3, all else: 99 |
/// | allowed, masked | `action_id` 1 and 4, `disposition_id` 1 and 11 (corrected) |
/// | held, denied, quarantined | `action_id` 2, `disposition_id` 14 (delayed), 2 (blocked), 3 |
/// | how it ended | `status_id`: 1 `ok`, 2 another end or not let through, 0 no end on record; `status_detail` |
/// | reasons | `message`; the first one's id: `firewall_rule.uid` |
/// | digest of the policy set | `policy.uid` |
/// | digest of the action, approval, question's entry | `unmapped` |
/// | outcome | `severity_id`: 1 allowed, 2 masked and held, 3 denied, 4 quarantined |
final class OcsfExport {
    private static final int CLASS = 6003;
    private static final Json.Obj PRODUCT = Json.object("name", "Masugata").with("vendor_name", "Masugata");

    private final Statements database;
    private final BufferedOutputStream out;

    OcsfExport(Statements database, OutputStream out) {
        this.database = database;
        this.out = new BufferedOutputStream(out, 64 * 1024);
    }

    void write() throws SQLException, IOException {
        try (var row = database.of("entry.decisions").executeQuery()) {
            while (row.next()) {
                var entry = EventReader.read(row.getBytes(1));
                if (!(entry.event() instanceof Event.Decided decided)) continue;
                out.write(JsonWriter.bytes(line(entry, decided, row.getString(2))));
                out.write('\n');
            }
        }
        out.flush();
    }

    static Json.Obj line(Recorded entry, Event.Decided it, @Nullable String end) {
        int activity = activity(it.kind());
        var line = Json.object("activity_id", Json.of(activity))
                .with("category_uid", 6).with("class_uid", CLASS).with("type_uid", CLASS * 100 + activity)
                .with("time", entry.micros() / 1000)
                .with("severity_id", severity(it.outcome()))
                .with("action_id", action(it.outcome())).with("disposition_id", disposition(it.outcome()))
                .with("status_id", status(it.outcome(), end))
                .with("metadata", Json.object("version", "1.5.0").with("product", PRODUCT)
                        .with("profiles", Json.strings(List.of("security_control")))
                        .with("uid", Long.toString(entry.seq())).with("sequence", entry.seq()))
                .with("actor", Json.object("user", Json.object("name", it.principal()))
                        .with("session", Json.object("uid", it.session())))
                .with("api", Json.object("operation", it.target())
                        .with("service", Json.object("name", it.target().split("/", 2)[0])))
                .with("src_endpoint", Json.object("name", it.session().isEmpty() ? it.principal() : it.session()))
                .with("resources", new Json.Arr(List.of(
                        Json.object("name", it.target()).with("type", it.kind().word()))))
                .with("policy", Json.object("uid", it.policy()))
                .with("message", it.because().stream().map(Reason::text).collect(Collectors.joining("; ")))
                .with("unmapped", Json.object("digest", it.digest()).with("approval", it.approval())
                        .with("asked", it.asked()));
        if (end != null) line = line.with("status_detail", end);
        return it.because().isEmpty()
                ? line
                : line.with("firewall_rule", Json.object("uid", it.because().getFirst().id()));
    }

    private static int activity(Action.Kind kind) {
        return switch (kind) {
            case TOOL_LIST, RESOURCE_READ, RESOURCE_LIST, PROMPT_GET, PROMPT_LIST -> 2;
            case FILE_APPLY -> 3;
            case TOOL_CALL, COMPLETE, SUBSCRIBE, SAMPLE, ELICIT, TASK_OP, LIFECYCLE, HTTP_REQUEST, MODEL_CALL, DELIVERY,
                    HOUSE_CALL, OPERATOR -> 99;
        };
    }

    private static int severity(Outcome outcome) {
        return switch (outcome) {
            case ALLOWED -> 1;
            case MASKED, HELD -> 2;
            case DENIED -> 3;
            case QUARANTINED -> 4;
        };
    }

    private static int action(Outcome outcome) {
        return switch (outcome) {
            case ALLOWED -> 1;
            case MASKED -> 4;
            case HELD, DENIED, QUARANTINED -> 2;
        };
    }

    private static int disposition(Outcome outcome) {
        return switch (outcome) {
            case ALLOWED -> 1;
            case MASKED -> 11;
            case HELD -> 14;
            case DENIED -> 2;
            case QUARANTINED -> 3;
        };
    }

    private static int status(Outcome outcome, @Nullable String end) {
        if (action(outcome) == 2) return 2;
        if (end == null) return 0;
        return end.equals("ok") ? 1 : 2;
    }
}
