package dev.masugata.policy;

import dev.masugata.policy.Lexer.Kind;
import dev.masugata.policy.Lexer.SyntaxError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Cedar text to policies, with the place of every mistake (Cedar policy language, grammar).
///
/// cedar-java gives no place for a syntax error and forgets `@id`; this parser gives both, and cedar-java then
/// validates what it read.
final class Parser {
    private final Tokens tokens;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
    }

    static List<Statement> parse(Source source) throws PolicyProblem.Invalid {
        try {
            var parser = new Parser(new Tokens(source));
            var statements = new ArrayList<Statement>();
            while (parser.tokens.peek().kind() != Kind.END) statements.add(parser.statement(statements.size()));
            return statements;
        } catch (SyntaxError wrong) {
            throw new PolicyProblem.Invalid(List.of(wrong.problem));
        }
    }

    private Statement statement(int index) throws SyntaxError {
        int at = tokens.peek().at();
        var annotations = annotations();
        boolean permits = effect();
        tokens.expect("(");
        var principal = scope("principal", false);
        tokens.expect(",");
        var action = scope("action", true);
        tokens.expect(",");
        var resource = scope("resource", false);
        if (tokens.peek().is(",")) tokens.take();
        tokens.expect(")");
        var conditions = new ArrayList<Expr>();
        var expressions = new Expressions(tokens);
        while (tokens.peek().is("when") || tokens.peek().is("unless")) conditions.add(condition(expressions));
        int end = tokens.expect(";").end();
        var id = annotations.getOrDefault("id", tokens.source().file() + "#" + (index + 1));
        return new Statement(
                tokens.source(), at, end, annotations, id, permits, principal, action, resource, conditions);
    }

    private Map<String, String> annotations() throws SyntaxError {
        var annotations = new LinkedHashMap<String, String>();
        while (tokens.peek().is("@")) {
            tokens.take();
            // Any word: Cedar reserves none here.
            var name = tokens.take();
            if (name.kind() != Kind.IDENTIFIER)
                throw tokens.error(name, "expected the annotation's name, found " + name.shown());
            var value = "";
            if (tokens.peek().is("(")) {
                tokens.take();
                value = tokens.string("the annotation's text");
                tokens.expect(")");
            }
            if (annotations.putIfAbsent(name.text(), value) != null)
                throw tokens.error(name, "the annotation `@" + name.text() + "` stands here twice");
        }
        return annotations;
    }

    private boolean effect() throws SyntaxError {
        var word = tokens.take();
        if (word.is("permit")) return true;
        if (word.is("forbid")) return false;
        throw tokens.error(word, "expected `permit` or `forbid`, found " + word.shown());
    }

    private Statement.Scope scope(String name, boolean lists) throws SyntaxError {
        var variable = tokens.take();
        if (!variable.is(name)) throw tokens.error(variable, "expected `" + name + "`, found " + variable.shown());
        if (tokens.peek().is("==")) {
            tokens.take();
            return new Statement.Scope.Equal(scoped(lists));
        }
        if (tokens.peek().is("in")) {
            tokens.take();
            if (lists && tokens.peek().is("[")) return new Statement.Scope.In(entities());
            return new Statement.Scope.In(List.of(scoped(lists)));
        }
        if (!lists && tokens.peek().is("is")) {
            tokens.take();
            var type = tokens.path();
            if (!tokens.peek().is("in")) return new Statement.Scope.Is(type, Optional.empty());
            tokens.take();
            return new Statement.Scope.Is(type, Optional.of(tokens.entity()));
        }
        return new Statement.Scope.Any();
    }

    private List<EntityUid> entities() throws SyntaxError {
        tokens.expect("[");
        var entities = new ArrayList<EntityUid>();
        while (!tokens.peek().is("]")) {
            entities.add(scoped(true));
            if (!tokens.peek().is("]")) tokens.expect(",");
        }
        tokens.expect("]");
        return entities;
    }

    /// An entity in a policy's head, where Cedar wants an action to be one.
    private EntityUid scoped(boolean isAction) throws SyntaxError {
        var begin = tokens.peek();
        var entity = tokens.entity();
        if (isAction && !entity.type().equals("Action") && !entity.type().endsWith("::Action"))
            throw tokens.error(begin, "expected an action such as `Action::\"tool_call\"`, found `" + entity + "`");
        return entity;
    }

    private Expr condition(Expressions expressions) throws SyntaxError {
        var word = tokens.take();
        tokens.expect("{");
        var expression = expressions.expression();
        tokens.expect("}");
        return word.is("when") ? expression : new Expr.Not(expression, word.at());
    }
}
