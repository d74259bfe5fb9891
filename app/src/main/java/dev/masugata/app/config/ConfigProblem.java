package dev.masugata.app.config;

import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with a configuration: where, and what was expected.
public record ConfigProblem(String file, int line, int column, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }

    /// A configuration that cannot be used; nothing of it takes effect.
    public static final class Invalid extends Exception {
        private final transient List<ConfigProblem> problems;

        public Invalid(List<ConfigProblem> problems) {
            super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
            this.problems = List.copyOf(problems);
        }

        public List<ConfigProblem> problems() {
            return problems;
        }
    }
}
