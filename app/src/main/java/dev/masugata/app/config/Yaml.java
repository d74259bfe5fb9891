package dev.masugata.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// One YAML file as its nodes, within the limits of what is read of it.
final class Yaml {
    /// Bytes of one configuration file.
    static final long BYTES_MAX = 1024 * 1024;

    /// Lists and mappings inside one another.
    static final int DEPTH_MAX = 64;

    private final String file;

    private Yaml(String file) {
        this.file = file;
    }

    /// The mapping, list or text that the file holds; null if it holds nothing.
    ///
    /// @throws ConfigProblem.Invalid if it cannot be read, is too long or nested too deep, or is no YAML
    static @Nullable Node read(Path file) throws ConfigProblem.Invalid {
        var yaml = new Yaml(file.toString());
        try {
            if (Files.size(file) > BYTES_MAX)
                throw yaml.invalid(1, 1, "a configuration may have " + BYTES_MAX + " bytes");
            return yaml.compose(Files.readString(file));
        } catch (IOException unreadable) {
            throw yaml.invalid(1, 1, "cannot be read: " + unreadable.getMessage());
        }
    }

    private @Nullable Node compose(String text) throws ConfigProblem.Invalid {
        try {
            var settings = LoadSettings.builder()
                    .setLabel(file)
                    .setAllowDuplicateKeys(true) // found by Section, with both names and all other mistakes beside it
                    .setMaxAliasesForCollections(0)
                    .setAllowRecursiveKeys(false)
                    .build();
            refuseDepth(new Parse(settings).parseString(text));
            return new Compose(settings).composeString(text).orElse(null);
        } catch (MarkedYamlEngineException wrong) {
            int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = wrong.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(1);
            throw invalid(line, column, "this is not YAML: " + wrong.getProblem());
        } catch (YamlEngineException wrong) {
            throw invalid(1, 1, "this is not YAML: " + wrong.getMessage());
        }
    }

    /// Composing recurses; what is nested without end would end the thread.
    private void refuseDepth(Iterable<Event> events) throws ConfigProblem.Invalid {
        int depth = 0;
        for (var event : events) {
            if (event instanceof CollectionStartEvent) depth++;
            if (event instanceof CollectionEndEvent) depth--;
            if (depth <= DEPTH_MAX) continue;
            int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
            int column = event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
            throw invalid(line, column, "a configuration may be nested " + DEPTH_MAX + " deep");
        }
    }

    private ConfigProblem.Invalid invalid(int line, int column, String message) {
        return new ConfigProblem.Invalid(List.of(new ConfigProblem(file, line, column, message)));
    }
}
