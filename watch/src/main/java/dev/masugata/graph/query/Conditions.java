package dev.masugata.graph.query;

import dev.masugata.graph.GraphLimits;
import dev.masugata.graph.query.Condition.And;
import dev.masugata.graph.query.Condition.Compare;
import dev.masugata.graph.query.Condition.Known;
import dev.masugata.graph.query.Condition.Not;
import dev.masugata.graph.query.Condition.Operator;
import dev.masugata.graph.query.Condition.Or;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what stands behind `WHERE`: `NOT` before `AND` before `OR`.
final class Conditions {
    private final Tokens tokens;
    private final Patterns patterns;
    private int depth;
    private int comparisons;

    Conditions(Tokens tokens, Patterns patterns) {
        this.tokens = tokens;
        this.patterns = patterns;
    }

    Condition read(Scope scope) {
        if (++depth > GraphLimits.NESTING_MAX)
            throw Tokens.wrong(tokens.peek(), "brackets stand in more than " + GraphLimits.NESTING_MAX + " brackets");
        var any = new ArrayList<Condition>();
        do {
            var all = new ArrayList<Condition>();
            do all.add(term(scope));
            while (tokens.took("AND"));
            any.add(all.size() == 1 ? all.getFirst() : new And(all));
        } while (tokens.took("OR"));
        depth--;
        return any.size() == 1 ? any.getFirst() : new Or(any);
    }

    private Condition term(Scope scope) {
        boolean not = false;
        while (tokens.took("NOT")) not = !not;
        var term = tokens.took("(") ? bracketed(scope) : tokens.took("EXISTS") ? exists(scope) : comparison(scope);
        return not ? new Not(term) : term;
    }

    private Condition bracketed(Scope scope) {
        var inner = read(scope);
        tokens.expect(")", "behind the condition");
        return inner;
    }

    private Condition exists(Scope outer) {
        tokens.expect("(", "behind `EXISTS`");
        var begin = tokens.peek();
        if (++depth > GraphLimits.NESTING_MAX)
            throw Tokens.wrong(begin, "brackets stand in more than " + GraphLimits.NESTING_MAX + " brackets");
        var scope = new Scope(outer.schema, java.util.Optional.of(outer));
        var hops = patterns.read(scope);
        if (hops.stream().noneMatch(it -> scope.isOuter(it.from()) || scope.isOuter(it.to())))
            throw Tokens.wrong(begin, "what is in `EXISTS ( )` names no node of the question around it");
        var where = tokens.took("WHERE") ? read(scope) : Condition.TRUE;
        tokens.expect(")", "behind what is to exist");
        depth--;
        return new Condition.Exists(new Question.Part(false, scope.all(), hops, where));
    }

    private Condition comparison(Scope scope) {
        if (++comparisons > GraphLimits.CONDITIONS_MAX)
            throw Tokens.wrong(tokens.peek(), "a question has at most " + GraphLimits.CONDITIONS_MAX + " comparisons");
        var at = tokens.peek();
        var variable = tokens.word("a field, such as `Agent.name`");
        if (scope.of(variable).isEmpty())
            throw Tokens.unknown(at, "node of this question", names(scope));
        tokens.expect(".", "and a field behind `" + variable + "`");
        var fieldAt = tokens.peek();
        var field = tokens.word("a field");
        scope.checkField(fieldAt, variable, field);
        return compare(variable, field);
    }

    static Set<String> names(Scope scope) {
        var names = new java.util.TreeSet<String>();
        for (var it : scope.named()) names.add(it.name());
        return names;
    }

    private Condition compare(String variable, String field) {
        if (tokens.took("IS", "NOT", "NULL")) return new Known(variable, field);
        if (tokens.took("IS", "NULL")) return new Not(new Known(variable, field));
        if (tokens.took("NOT", "IN")) return unlike(variable, field, in(variable, field));
        if (tokens.took("IN")) return in(variable, field);
        if (tokens.took("!=") || tokens.took("<>"))
            return unlike(variable, field, new Compare(variable, field, Operator.EQUAL, value()));
        var at = tokens.peek();
        var operator = operator();
        var valueAt = tokens.peek();
        var value = value();
        if (operator.isOfText() && !(value instanceof String text && !text.isEmpty()))
            throw Tokens.wrong(valueAt, "`" + operator.word + "` takes a text that is not empty, in quotes");
        if (operator != Operator.EQUAL && value instanceof Boolean)
            throw Tokens.wrong(at, "true and false are compared with `=` and `!=` only");
        if (operator == Operator.MATCHES) Regex.check(valueAt, (String) value);
        return new Compare(variable, field, operator, value);
    }

    /// What is not known is not unlike anything either.
    private static Condition unlike(String variable, String field, Condition equal) {
        return new And(List.of(new Known(variable, field), new Not(equal)));
    }

    private Operator operator() {
        if (tokens.took("STARTS", "WITH")) return Operator.STARTS_WITH;
        if (tokens.took("ENDS", "WITH")) return Operator.ENDS_WITH;
        for (var operator : Operator.values()) if (tokens.took(operator.word)) return operator;
        throw Tokens.wrong(tokens.peek(), "expected a comparison (=, !=, <, <=, >, >=, =~, IN, CONTAINS, STARTS WITH,"
                + " ENDS WITH, IS NULL), found " + tokens.peek().shown());
    }

    private Condition in(String variable, String field) {
        var any = new ArrayList<Condition>();
        var close = tokens.took("(") ? ")" : "]";
        if (close.equals("]")) tokens.expect("[", "behind `IN`");
        do {
            if (any.size() == GraphLimits.LIST_MAX)
                throw Tokens.wrong(tokens.peek(), "a list has at most " + GraphLimits.LIST_MAX + " values");
            any.add(new Compare(variable, field, Operator.EQUAL, value()));
        } while (tokens.took(","));
        tokens.expect(close, "behind the list");
        return new Or(any);
    }

    private Object value() {
        var token = tokens.next();
        if (token.is("true")) return true;
        if (token.is("false")) return false;
        if (token.type() == Token.Type.TEXT) return token.text();
        if (token.type() != Token.Type.NUMBER)
            throw Tokens.wrong(token, "expected a text in quotes, a number, true or false, found " + token.shown());
        try {
            if (token.text().contains(".")) return Double.parseDouble(token.text());
            return Long.parseLong(token.text());
        } catch (NumberFormatException wrong) {
            throw Tokens.wrong(token, token.shown() + " is no number that can be compared");
        }
    }
}
