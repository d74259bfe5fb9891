package dev.masugata.policy;

/// What is wrong with a policy: file, line, column, and what was expected. One sentence for people.
public record PolicyProblem(String file, int line, int column, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }

    /// Policies that cannot be used.
    public static final class Invalid extends Exception {
        private final java.util.List<PolicyProblem> problems;

        public Invalid(java.util.List<PolicyProblem> problems) {
            super(problems.stream().map(PolicyProblem::toString).collect(java.util.stream.Collectors.joining("\n")));
            this.problems = java.util.List.copyOf(problems);
        }

        public java.util.List<PolicyProblem> problems() {
            return problems;
        }
    }
}
