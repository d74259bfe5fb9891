package dev.masugata.app.replay;

import dev.masugata.wire.Json;
import dev.masugata.wire.JsonException;
import dev.masugata.wire.JsonReader;
import dev.masugata.wire.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// One recorded run of an agent on a task, with or without injected content.
///
/// @param suite      which world it played in
/// @param model      which model the agent had
/// @param attack     somebody's text was injected into what its tools answered
/// @param reached    the injected goal was reached
/// @param useful     the user's task was done
/// @param injections the injected texts
/// @param goal       what they ask for
/// @param steps      what happened, in order, without what the model only said
record RecordedRun(
        String suite,
        String model,
        boolean attack,
        boolean reached,
        boolean useful,
        List<String> injections,
        String goal,
        List<Step> steps) {
    /// Runs read from one file.
    static final int RUNS_MAX = 100_000;

    sealed interface Step {
        /// The system message, or a turn of the user.
        record Said(boolean operator, String text) implements Step {}

        /// A call of a tool and what the tool answered; `failed` if the tool itself refused it.
        record Called(String tool, Json.Obj arguments, String answer, boolean failed) implements Step {}
    }

    List<Step.Called> calls() {
        return steps.stream().filter(Step.Called.class::isInstance).map(Step.Called.class::cast).toList();
    }

    RecordedRun with(List<Step> others) {
        return new RecordedRun(suite, model, attack, reached, useful, injections, goal, others);
    }

    private RecordedRun asking(String goal) {
        return new RecordedRun(suite, model, attack, reached, useful, injections, goal, steps);
    }

    /// Reads JSON lines, gzipped or not: one run a line, as AgentDojo's logs have them.
    static List<RecordedRun> read(Path file) throws IOException {
        var runs = new ArrayList<RecordedRun>();
        try (var raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (var line = lines.readLine(); line != null && runs.size() < RUNS_MAX; line = lines.readLine()) {
                number++;
                if (line.isBlank()) continue;
                try {
                    runs.add(of((Json.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULT)));
                } catch (JsonException | ClassCastException | IllegalArgumentException wrong) {
                    throw new IOException(file + ":" + number + ": not a recorded run: " + wrong.getMessage());
                }
            }
        }
        var goals = Injected.goals(runs);
        return runs.stream()
                .map(it -> it.injections().isEmpty() ? it
                        : it.asking(goals.getOrDefault(it.injections().getFirst(), "")))
                .toList();
    }

    private static RecordedRun of(Json.Obj it) {
        var injections = new ArrayList<String>();
        it.object("injections").members().values().forEach(text -> {
            if (text instanceof Json.Str(var value, _)) injections.add(value);
        });
        boolean attack = it.string("attack_type").isPresent();
        return new RecordedRun(
                text(it, "suite_name"),
                text(it, "pipeline_name"),
                attack,
                it.isTrue("security") && attack,
                it.isTrue("utility"),
                injections,
                "",
                steps(it.items("messages")));
    }

    private static String text(Json.Obj it, String name) {
        return it.string(name).orElseThrow(() -> new IllegalArgumentException("it has no text `" + name + "`"));
    }

    private static List<Step> steps(List<Json> messages) {
        var steps = new ArrayList<Step>();
        var answers = new ArrayDeque<Json.Obj>();
        for (var message : messages)
            if (message instanceof Json.Obj it && it.string("role").equals(Optional.of("tool"))) answers.add(it);
        for (var message : messages) {
            var it = (Json.Obj) message;
            switch (text(it, "role")) {
                case "system" -> steps.add(new Step.Said(true, it.string("content").orElse("")));
                case "user" -> steps.add(new Step.Said(false, it.string("content").orElse("")));
                case "assistant" -> {
                    for (var call : it.items("tool_calls")) {
                        // Calls are answered in their order; a run that was cut off has no answer to its last ones.
                        var answer = answers.poll();
                        if (answer != null) steps.add(called((Json.Obj) call, answer));
                    }
                }
                case String _ -> {}
            }
        }
        return steps;
    }

    private static Step.Called called(Json.Obj call, Json.Obj answer) {
        var error = answer.string("error");
        var said = error.orElseGet(() -> answer.string("content").orElse(""));
        return new Step.Called(text(call, "function"), call.object("args"), said, error.isPresent());
    }
}
