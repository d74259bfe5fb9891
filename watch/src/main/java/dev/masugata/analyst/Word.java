package dev.masugata.analyst;

/// What a word of a question says.
sealed interface Word {
    record Kind(String kind) implements Word {}

    /// @param of kinds that are meant where the question names none that has the field
    /// @param not the word itself says that it is not so: `unreviewed`
    record Filter(String field, Object value, java.util.List<String> of, boolean not) implements Word {}

    /// @param soft also a plain `have`: it may fit nothing
    record Relation(String relation, boolean soft) implements Word {}

    /// A node of the graph, by its name.
    record Named(String kind, String name) implements Word {}

    record Number(int number) implements Word {}

    /// Only what was seen in so many hours.
    record Lately(int hours) implements Word {}

    enum Sign implements Word { WAY, NOT, COUNT, EACH, MOST, OR, FILLER }

    /// Not in the lexicon, and no name of the graph.
    record Unknown(String text) implements Word {}
}
