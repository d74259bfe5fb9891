package dev.masugata.policy;

import dev.masugata.policy.Lexer.Kind;
import dev.masugata.policy.Lexer.SyntaxError;
import dev.masugata.policy.Lexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Cedar text to policies, with the place of every mistake (Cedar policy language, grammar).
///
/// cedar-java gives no place for a syntax error and forgets `@id`; this parser gives both, and cedar-java then
/// validates what it read.
final class Parser {
    /// Expressions within expressions.
    static final int DEPTH_MAX = 100;

    /// Operators and members that follow one another in one expression; each nests the ones before it.
    static final int CHAIN_MAX = 1_000;

    private static final Set<String> RESERVED = Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar");

    private final Source source;
    private final List<Token> tokens;
    private int next;
    private int depth;
    private int chained;

    private Parser(Source source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    static List<Statement> parse(Source source) throws PolicyProblem.Invalid {
        try {
            var parser = new Parser(source, Lexer.tokens(source));
            var statements = new ArrayList<Statement>();
            while (parser.peek().kind() != Kind.END) statements.add(parser.statement(statements.size()));
            return statements;
        } catch (SyntaxError wrong) {
            throw new PolicyProblem.Invalid(List.of(wrong.problem));
        }
    }

    // --- policies ---------------------------------------------------------------------------------------------

    private Statement statement(int index) throws SyntaxError {
        int at = peek().at();
        var annotations = annotations();
        boolean permits = effect();
        chained = 0;
        expect("(");
        var principal = scope("principal", false);
        expect(",");
        var action = scope("action", true);
        expect(",");
        var resource = scope("resource", false);
        if (peek().is(",")) take();
        expect(")");
        var conditions = new ArrayList<Expr>();
        while (peek().is("when") || peek().is("unless")) conditions.add(condition());
        int end = expect(";").end();
        var id = annotations.getOrDefault("id", source.file() + "#" + (index + 1));
        return new Statement(source, at, end, annotations, id, permits, principal, action, resource, conditions);
    }

    private Map<String, String> annotations() throws SyntaxError {
        var annotations = new LinkedHashMap<String, String>();
        while (peek().is("@")) {
            take();
            // Any word: Cedar reserves none here.
            var name = take();
            if (name.kind() != Kind.IDENTIFIER) throw error(name, "expected the annotation's name, found " + name.shown());
            var value = "";
            if (peek().is("(")) {
                take();
                value = string("the annotation's text");
                expect(")");
            }
            if (annotations.putIfAbsent(name.text(), value) != null)
                throw error(name, "the annotation `@" + name.text() + "` stands here twice");
        }
        return annotations;
    }

    private boolean effect() throws SyntaxError {
        var word = take();
        if (word.is("permit")) return true;
        if (word.is("forbid")) return false;
        throw error(word, "expected `permit` or `forbid`, found " + word.shown());
    }

    private Statement.Scope scope(String name, boolean lists) throws SyntaxError {
        var variable = take();
        if (!variable.is(name)) throw error(variable, "expected `" + name + "`, found " + variable.shown());
        if (peek().is("==")) {
            take();
            return new Statement.Scope.Equal(scoped(lists));
        }
        if (peek().is("in")) {
            take();
            if (lists && peek().is("[")) return new Statement.Scope.In(entities());
            return new Statement.Scope.In(List.of(scoped(lists)));
        }
        if (!lists && peek().is("is")) {
            take();
            var type = path();
            if (!peek().is("in")) return new Statement.Scope.Is(type, Optional.empty());
            take();
            return new Statement.Scope.Is(type, Optional.of(entity()));
        }
        return new Statement.Scope.Any();
    }

    private List<EntityUid> entities() throws SyntaxError {
        expect("[");
        var entities = new ArrayList<EntityUid>();
        while (!peek().is("]")) {
            entities.add(scoped(true));
            if (!peek().is("]")) expect(",");
        }
        expect("]");
        return entities;
    }

    /// An entity in a policy's head, where Cedar wants an action to be one.
    private EntityUid scoped(boolean isAction) throws SyntaxError {
        var begin = peek();
        var entity = entity();
        if (isAction && !entity.type().equals("Action") && !entity.type().endsWith("::Action"))
            throw error(begin, "expected an action such as `Action::\"tool_call\"`, found `" + entity + "`");
        return entity;
    }

    private EntityUid entity() throws SyntaxError {
        var type = new StringBuilder(identifier("an entity such as `Tool::\"server/tool\"`").text());
        while (true) {
            expect("::");
            if (peek().kind() == Kind.STRING) return new EntityUid(type.toString(), string("the entity's id"));
            type.append("::").append(identifier("an entity's type").text());
        }
    }

    private String path() throws SyntaxError {
        var path = new StringBuilder(identifier("a type").text());
        while (peek().is("::")) {
            take();
            path.append("::").append(identifier("a type").text());
        }
        return path.toString();
    }

    private Expr condition() throws SyntaxError {
        var word = take();
        expect("{");
        var expression = expression();
        expect("}");
        return word.is("when") ? expression : new Expr.Not(expression, word.at());
    }

    // --- expressions ------------------------------------------------------------------------------------------

    private Expr expression() throws SyntaxError {
        if (++depth > DEPTH_MAX) throw error(peek(), "expressions are nested more than " + DEPTH_MAX + " deep");
        try {
            return peek().is("if") ? ifElse() : or();
        } finally {
            depth--;
        }
    }

    private Expr ifElse() throws SyntaxError {
        int at = take().at();
        var condition = expression();
        expect("then");
        var then = expression();
        expect("else");
        return new Expr.IfElse(condition, then, expression(), at);
    }

    private Expr or() throws SyntaxError {
        var left = and();
        while (peek().is("||")) {
            int at = chain().at();
            left = new Expr.Or(left, and(), at);
        }
        return left;
    }

    private Expr and() throws SyntaxError {
        var left = relation();
        while (peek().is("&&")) {
            int at = chain().at();
            left = new Expr.And(left, relation(), at);
        }
        return left;
    }

    private static final Map<String, Expr.BinaryOp> RELATIONS = Map.of(
            "==", Expr.BinaryOp.EQUAL,
            "!=", Expr.BinaryOp.NOT_EQUAL,
            "<", Expr.BinaryOp.LESS,
            "<=", Expr.BinaryOp.LESS_OR_EQUAL,
            ">", Expr.BinaryOp.GREATER,
            ">=", Expr.BinaryOp.GREATER_OR_EQUAL,
            "in", Expr.BinaryOp.IN);

    private Expr relation() throws SyntaxError {
        var left = sum();
        var operator = peek();
        if (operator.kind() == Kind.STRING || operator.kind() == Kind.END) return left;
        var relation = RELATIONS.get(operator.text());
        if (relation != null) {
            take();
            return new Expr.Binary(relation, left, sum(), operator.at());
        }
        return switch (operator.text()) {
            case "has" -> has(left);
            case "like" -> like(left);
            case "is" -> is(left);
            default -> left;
        };
    }

    private Expr has(Expr target) throws SyntaxError {
        int at = take().at();
        if (peek().kind() == Kind.STRING) return new Expr.Has(target, List.of(string("an attribute")), at);
        var path = new ArrayList<String>();
        path.add(identifier("an attribute").text());
        while (peek().is(".")) {
            take();
            path.add(identifier("an attribute").text());
        }
        return new Expr.Has(target, List.copyOf(path), at);
    }

    private Expr like(Expr target) throws SyntaxError {
        int at = take().at();
        var pattern = take();
        if (pattern.kind() != Kind.STRING) throw error(pattern, "expected a pattern such as \"/tmp/*\", found " + pattern.shown());
        return new Expr.Like(target, Strings.pattern(source, pattern), at);
    }

    private Expr is(Expr target) throws SyntaxError {
        int at = take().at();
        var type = path();
        if (!peek().is("in")) return new Expr.Is(target, type, Optional.empty(), at);
        take();
        return new Expr.Is(target, type, Optional.of(sum()), at);
    }

    private Expr sum() throws SyntaxError {
        var left = product();
        while (peek().is("+") || peek().is("-")) {
            var operator = chain();
            var op = operator.is("+") ? Expr.BinaryOp.ADD : Expr.BinaryOp.SUBTRACT;
            left = new Expr.Binary(op, left, product(), operator.at());
        }
        return left;
    }

    private Expr product() throws SyntaxError {
        var left = unary();
        while (peek().is("*")) {
            int at = chain().at();
            left = new Expr.Binary(Expr.BinaryOp.MULTIPLY, left, unary(), at);
        }
        return left;
    }

    private Expr unary() throws SyntaxError {
        var operators = new ArrayList<Token>();
        while (peek().is("!") || peek().is("-")) operators.add(take());
        if (operators.size() > 4) throw error(operators.get(4), "at most four `!` or `-` in a row");
        for (var operator : operators)
            if (!operator.text().equals(operators.getFirst().text()))
                throw error(operator, "`!` and `-` do not stand in a row; one of them needs parentheses");
        boolean negativeLiteral = !operators.isEmpty() && operators.getLast().is("-") && peek().kind() == Kind.NUMBER;
        Expr operand = negativeLiteral ? number(operators.removeLast(), true) : member();
        for (var operator : operators.reversed())
            operand = operator.is("!") ? new Expr.Not(operand, operator.at()) : new Expr.Negate(operand, operator.at());
        return operand;
    }

    private Expr member() throws SyntaxError {
        var target = primary();
        while (true) {
            if (peek().is(".")) {
                chain();
                var name = identifier("an attribute or a method");
                target = peek().is("(")
                        ? new Expr.Method(target, name.text(), arguments(), name.at())
                        : new Expr.Member(target, name.text(), name.at());
            } else if (peek().is("[")) {
                int at = chain().at();
                target = new Expr.Member(target, string("an attribute's name"), at);
                expect("]");
            } else return target;
        }
    }

    private List<Expr> arguments() throws SyntaxError {
        expect("(");
        var arguments = new ArrayList<Expr>();
        while (!peek().is(")")) {
            arguments.add(expression());
            if (!peek().is(")")) expect(",");
        }
        expect(")");
        return arguments;
    }

    private Expr primary() throws SyntaxError {
        var token = peek();
        return switch (token.kind()) {
            case NUMBER -> number(token, false);
            case STRING -> new Expr.Literal(string("a string"), token.at());
            case IDENTIFIER -> word(token);
            case SYMBOL -> {
                if (token.is("(")) {
                    take();
                    var inner = expression();
                    expect(")");
                    yield inner;
                }
                if (token.is("[")) yield set();
                if (token.is("{")) yield record();
                throw error(token, "expected a value, found " + token.shown());
            }
            case END -> throw error(token, "expected a value, found " + token.shown());
        };
    }

    private Expr word(Token token) throws SyntaxError {
        switch (token.text()) {
            case "true", "false" -> {
                take();
                return new Expr.Literal(token.is("true"), token.at());
            }
            case "principal", "action", "resource", "context" -> {
                if (!tokens.get(next + 1).is("::")) {
                    take();
                    return new Expr.Variable(Expr.Var.valueOf(token.text().toUpperCase(java.util.Locale.ROOT)), token.at());
                }
            }
            default -> {}
        }
        if (tokens.get(next + 1).is("(")) {
            take();
            return new Expr.Call(token.text(), arguments(), token.at());
        }
        if (tokens.get(next + 1).is("::")) return new Expr.Literal(entity(), token.at());
        throw error(token, "expected a value, found " + token.shown());
    }

    private Expr number(Token begin, boolean negative) throws SyntaxError {
        var digits = take();
        try {
            return new Expr.Literal(Long.parseLong((negative ? "-" : "") + digits.text()), begin.at());
        } catch (NumberFormatException large) {
            throw error(begin, "a whole number must fit 64 bits");
        }
    }

    private Expr set() throws SyntaxError {
        int at = expect("[").at();
        var items = new ArrayList<Expr>();
        while (!peek().is("]")) {
            items.add(expression());
            if (!peek().is("]")) expect(",");
        }
        expect("]");
        return new Expr.SetOf(items, at);
    }

    private Expr record() throws SyntaxError {
        int at = expect("{").at();
        var members = new LinkedHashMap<String, Expr>();
        while (!peek().is("}")) {
            var key = peek();
            var name = key.kind() == Kind.STRING ? string("a name") : identifier("a name").text();
            expect(":");
            if (members.putIfAbsent(name, expression()) != null) throw error(key, "`" + name + "` stands in this record twice");
            if (!peek().is("}")) expect(",");
        }
        expect("}");
        return new Expr.RecordOf(members, at);
    }

    // --- tokens -----------------------------------------------------------------------------------------------

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        var token = tokens.get(next);
        if (token.kind() != Kind.END) next++;
        return token;
    }

    /// Takes what makes the expression one deeper on its left, where no recursion of ours counts it.
    private Token chain() throws SyntaxError {
        if (++chained > CHAIN_MAX)
            throw error(peek(), "one policy may have " + CHAIN_MAX + " operators and members; split it into several");
        return take();
    }

    private Token expect(String symbol) throws SyntaxError {
        var token = take();
        if (!token.is(symbol)) throw error(token, "expected `" + symbol + "`, found " + token.shown());
        return token;
    }

    private Token identifier(String what) throws SyntaxError {
        var token = take();
        if (token.kind() != Kind.IDENTIFIER || RESERVED.contains(token.text()))
            throw error(token, "expected " + what + ", found " + token.shown());
        return token;
    }

    private String string(String what) throws SyntaxError {
        var token = take();
        if (token.kind() != Kind.STRING) throw error(token, "expected " + what + " in quotes, found " + token.shown());
        return Strings.text(source, token);
    }

    private SyntaxError error(Token token, String message) {
        return new SyntaxError(source.problem(token.at(), message));
    }
}
