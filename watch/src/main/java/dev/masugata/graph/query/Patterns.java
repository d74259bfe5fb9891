package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import dev.masugata.graph.Schema;
import dev.masugata.graph.query.Question.Hop;
import dev.masugata.graph.query.Question.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads forms: `Agent USES McpServer`, `Agent THAT USES McpServer`, `(a:Agent)-[:USES]->{1,3}(s:McpServer)`.
final class Patterns {
    private static final Set<String> FILLERS = Set.of("IS", "ARE");
    private static final Set<String> CLAUSES =
            Set.of("WHERE", "RETURN", "LIMIT", "ORDER", "OPTIONAL", "MATCH", "SINCE", "AS", "TO", "VIA", "WITHIN");

    private final Tokens tokens;
    private int pieces;

    Patterns(Tokens tokens) {
        this.tokens = tokens;
    }

    /// One form, or several with commas between; new nodes go to the scope.
    List<Hop> read(Scope scope) {
        var hops = new ArrayList<Hop>();
        do {
            var from = node(scope);
            while (isRelation()) from = hop(scope, from, hops);
        } while (tokens.took(","));
        return hops;
    }

    Variable node(Scope scope) {
        count();
        if (tokens.took("(")) return bracketed(scope);
        var at = tokens.peek();
        var word = tokens.word("a kind of node, such as `Agent`");
        var known = scope.of(word);
        if (known.isPresent()) return known.get();
        scope.checkKind(at, word);
        if (!tokens.took("AS")) return scope.add(at, word, word);
        var nameAt = tokens.peek();
        return scope.add(nameAt, name(scope), word);
    }

    private Variable bracketed(Scope scope) {
        var at = tokens.peek();
        var name = at.type() == Token.Type.WORD ? name(scope) : "";
        if (!tokens.took(":")) {
            tokens.expect(")", "behind the node");
            if (name.isEmpty()) return scope.nameless(Schema.ANY);
            return scope.of(name).orElseGet(() -> scope.add(at, name, Schema.ANY));
        }
        var kindAt = tokens.peek();
        var kind = tokens.word("a kind of node");
        scope.checkKind(kindAt, kind);
        tokens.expect(")", "behind the node");
        return name.isEmpty() ? scope.nameless(kind) : scope.add(at, name, kind);
    }

    private String name(Scope scope) {
        var at = tokens.peek();
        var name = tokens.word("a name");
        if (name.startsWith("_")) throw Tokens.wrong(at, "a name begins with a letter");
        if (CLAUSES.contains(at.upper())) throw Tokens.wrong(at, at.shown() + " is a word of the language, no name");
        return name;
    }

    private boolean isRelation() {
        var next = tokens.peek();
        return switch (next.type()) {
            case WORD -> !CLAUSES.contains(next.upper());
            case SIGN -> next.is("-[") || next.is("<-[") || next.is("->");
            case TEXT, NUMBER, END -> false;
        };
    }

    private Variable hop(Scope scope, Variable from, List<Hop> hops) {
        count();
        var at = tokens.peek();
        boolean backwards = tokens.peek().is("<-[");
        var words = new ArrayList<Token>();
        int[] times = {1, 1};
        if (tokens.took("->")) backwards = false;
        else if (tokens.took("-[") || tokens.took("<-[")) bracketedRelation(words, times, backwards);
        else if (tokens.took("THAT")) words.add(sentence(scope));
        else do words.add(tokens.next()); while (tokens.took("|"));
        if (tokens.took("{")) braces(times);
        for (var word : words)
            if (!scope.schema.relationKinds().contains(word.upper()))
                throw Tokens.unknown(word, "relation", scope.schema.relationKinds());
        var to = node(scope);
        hops.add(directed(scope, at, from, words, to, backwards, times));
        return to;
    }

    private Hop directed(
            Scope scope, Token at, Variable from, List<Token> words, Variable to, boolean backwards, int[] times) {
        var kinds = new ArrayList<String>();
        int inverses = 0;
        for (var word : words) {
            var forwards = scope.schema.inverses().get(word.upper());
            if (forwards != null) inverses++;
            kinds.add(forwards == null ? word.upper() : forwards);
        }
        if (inverses > 0 && inverses < words.size())
            throw Tokens.wrong(at, "one of these relations reads forwards and one backwards; ask for each by itself");
        boolean turned = backwards != (inverses > 0);
        var source = turned ? to : from;
        var target = turned ? from : to;
        if (times[1] == 1) for (var kind : kinds) scope.checkHop(at, source, kind, target);
        return new Hop(source.name(), kinds, target.name(), times[0], times[1]);
    }

    private void bracketedRelation(List<Token> words, int[] times, boolean backwards) {
        if (tokens.took(":")) {
            do {
                var word = tokens.peek();
                tokens.word("a relation, such as `USES`");
                words.add(word);
            } while (tokens.took("|"));
        }
        if (tokens.took("*")) {
            times[0] = tokens.peek().type() == Token.Type.NUMBER ? hops() : 1;
            times[1] = times[0];
            if (tokens.took(".", ".")) times[1] = hops();
            checkTimes(times);
        }
        tokens.expect(backwards ? "]-" : "]->", "behind the relation; it has a direction");
    }

    private void braces(int[] times) {
        times[0] = hops();
        times[1] = tokens.took(",") ? hops() : times[0];
        tokens.expect("}", "behind how often");
        checkTimes(times);
    }

    private int hops() {
        return tokens.number("how often a relation repeats", GraphLimits.HOPS_MAX);
    }

    private void checkTimes(int[] times) {
        if (times[0] < 1 || times[1] < times[0])
            throw Tokens.wrong(tokens.peek(), "a relation repeats from 1 on, the smaller number first: `{1,3}`");
    }

    /// `THAT IS AFFECTED BY Vulnerability`: the relation's words up to the node.
    private Token sentence(Scope scope) {
        var first = tokens.peek();
        while (FILLERS.contains(tokens.peek().upper())) tokens.next();
        var words = new ArrayList<String>();
        while (tokens.peek().type() == Token.Type.WORD && !isNode(scope, tokens.peek().text()))
            words.add(tokens.next().upper());
        if (words.isEmpty()) throw Tokens.wrong(first, "expected a relation behind `THAT`, such as `IS AFFECTED BY`");
        return new Token(Token.Type.WORD, String.join("_", words), first.at());
    }

    private static boolean isNode(Scope scope, String word) {
        if (scope.of(word).isPresent() || scope.schema.kinds().containsKey(word)) return true;
        return Character.isUpperCase(word.charAt(0)) && !word.equals(word.toUpperCase(java.util.Locale.ROOT));
    }

    private void count() {
        if (++pieces > GraphLimits.PATTERN_MAX)
            throw Tokens.wrong(tokens.peek(), "a question names at most " + GraphLimits.PATTERN_MAX
                    + " nodes and relations");
    }
}
