package dev.masugata.policy;

import dev.masugata.policy.Lexer.Kind;
import dev.masugata.policy.Lexer.SyntaxError;
import dev.masugata.policy.Lexer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The expressions of one policy's conditions (Cedar policy language, grammar).
final class Expressions {
    /// Expressions within expressions.
    static final int DEPTH_MAX = 100;

    /// Operators and members that follow one another in one policy; each nests the ones before it.
    static final int CHAIN_MAX = 1_000;

    private final Tokens tokens;
    private int depth;
    private int chained;

    Expressions(Tokens tokens) {
        this.tokens = tokens;
    }

    /// One expression, whole.
    ///
    /// @throws SyntaxError where it is none, or longer or deeper than a policy may be
    Expr expression() throws SyntaxError {
        if (++depth > DEPTH_MAX)
            throw tokens.error(tokens.peek(), "expressions are nested more than " + DEPTH_MAX + " deep");
        try {
            return tokens.peek().is("if") ? ifElse() : or();
        } finally {
            depth--;
        }
    }

    private Expr ifElse() throws SyntaxError {
        int at = tokens.take().at();
        var condition = expression();
        tokens.expect("then");
        var then = expression();
        tokens.expect("else");
        return new Expr.IfElse(condition, then, expression(), at);
    }

    private Expr or() throws SyntaxError {
        var left = and();
        while (tokens.peek().is("||")) {
            int at = chain().at();
            left = new Expr.Or(left, and(), at);
        }
        return left;
    }

    private Expr and() throws SyntaxError {
        var left = relation();
        while (tokens.peek().is("&&")) {
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
        var operator = tokens.peek();
        if (operator.kind() == Kind.STRING || operator.kind() == Kind.END) return left;
        var relation = RELATIONS.get(operator.text());
        if (relation != null) {
            tokens.take();
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
        int at = tokens.take().at();
        if (tokens.peek().kind() == Kind.STRING)
            return new Expr.Has(target, List.of(tokens.string("an attribute")), at);
        var path = new ArrayList<String>();
        path.add(tokens.identifier("an attribute").text());
        while (tokens.peek().is(".")) {
            tokens.take();
            path.add(tokens.identifier("an attribute").text());
        }
        return new Expr.Has(target, List.copyOf(path), at);
    }

    private Expr like(Expr target) throws SyntaxError {
        int at = tokens.take().at();
        var pattern = tokens.take();
        if (pattern.kind() != Kind.STRING)
            throw tokens.error(pattern, "expected a pattern such as \"/tmp/*\", found " + pattern.shown());
        return new Expr.Like(target, Strings.pattern(tokens.source(), pattern), at);
    }

    private Expr is(Expr target) throws SyntaxError {
        int at = tokens.take().at();
        var type = tokens.path();
        if (!tokens.peek().is("in")) return new Expr.Is(target, type, Optional.empty(), at);
        tokens.take();
        return new Expr.Is(target, type, Optional.of(sum()), at);
    }

    private Expr sum() throws SyntaxError {
        var left = product();
        while (tokens.peek().is("+") || tokens.peek().is("-")) {
            var operator = chain();
            var op = operator.is("+") ? Expr.BinaryOp.ADD : Expr.BinaryOp.SUBTRACT;
            left = new Expr.Binary(op, left, product(), operator.at());
        }
        return left;
    }

    private Expr product() throws SyntaxError {
        var left = unary();
        while (tokens.peek().is("*")) {
            int at = chain().at();
            left = new Expr.Binary(Expr.BinaryOp.MULTIPLY, left, unary(), at);
        }
        return left;
    }

    private Expr unary() throws SyntaxError {
        var operators = new ArrayList<Token>();
        while (tokens.peek().is("!") || tokens.peek().is("-")) operators.add(tokens.take());
        if (operators.size() > 4) throw tokens.error(operators.get(4), "at most four `!` or `-` in a row");
        for (var operator : operators)
            if (!operator.text().equals(operators.getFirst().text()))
                throw tokens.error(operator, "`!` and `-` do not stand in a row; one of them needs parentheses");
        boolean negativeLiteral =
                !operators.isEmpty() && operators.getLast().is("-") && tokens.peek().kind() == Kind.NUMBER;
        Expr operand = negativeLiteral ? number(operators.removeLast(), true) : member();
        for (var operator : operators.reversed())
            operand = operator.is("!") ? new Expr.Not(operand, operator.at()) : new Expr.Negate(operand, operator.at());
        return operand;
    }

    private Expr member() throws SyntaxError {
        var target = primary();
        while (true) {
            if (tokens.peek().is(".")) {
                chain();
                var name = tokens.identifier("an attribute or a method");
                target = tokens.peek().is("(")
                        ? new Expr.Method(target, name.text(), arguments(), name.at())
                        : new Expr.Member(target, name.text(), name.at());
            } else if (tokens.peek().is("[")) {
                int at = chain().at();
                target = new Expr.Member(target, tokens.string("an attribute's name"), at);
                tokens.expect("]");
            } else return target;
        }
    }

    private List<Expr> arguments() throws SyntaxError {
        tokens.expect("(");
        var arguments = new ArrayList<Expr>();
        while (!tokens.peek().is(")")) {
            arguments.add(expression());
            if (!tokens.peek().is(")")) tokens.expect(",");
        }
        tokens.expect(")");
        return arguments;
    }

    private Expr primary() throws SyntaxError {
        var token = tokens.peek();
        return switch (token.kind()) {
            case NUMBER -> number(token, false);
            case STRING -> new Expr.Literal(tokens.string("a string"), token.at());
            case IDENTIFIER -> word(token);
            case SYMBOL -> {
                if (token.is("(")) {
                    tokens.take();
                    var inner = expression();
                    tokens.expect(")");
                    yield inner;
                }
                if (token.is("[")) yield set();
                if (token.is("{")) yield record();
                throw tokens.error(token, "expected a value, found " + token.shown());
            }
            case END -> throw tokens.error(token, "expected a value, found " + token.shown());
        };
    }

    private Expr word(Token token) throws SyntaxError {
        switch (token.text()) {
            case "true", "false" -> {
                tokens.take();
                return new Expr.Literal(token.is("true"), token.at());
            }
            case "principal", "action", "resource", "context" -> {
                if (!tokens.second().is("::")) {
                    tokens.take();
                    var variable = Expr.Var.valueOf(token.text().toUpperCase(Locale.ROOT));
                    return new Expr.Variable(variable, token.at());
                }
            }
            default -> {}
        }
        if (tokens.second().is("(")) {
            tokens.take();
            return new Expr.Call(token.text(), arguments(), token.at());
        }
        if (tokens.second().is("::")) return new Expr.Literal(tokens.entity(), token.at());
        throw tokens.error(token, "expected a value, found " + token.shown());
    }

    private Expr number(Token begin, boolean negative) throws SyntaxError {
        var digits = tokens.take();
        try {
            return new Expr.Literal(Long.parseLong((negative ? "-" : "") + digits.text()), begin.at());
        } catch (NumberFormatException large) {
            throw tokens.error(begin, "a whole number must fit 64 bits");
        }
    }

    private Expr set() throws SyntaxError {
        int at = tokens.expect("[").at();
        var items = new ArrayList<Expr>();
        while (!tokens.peek().is("]")) {
            items.add(expression());
            if (!tokens.peek().is("]")) tokens.expect(",");
        }
        tokens.expect("]");
        return new Expr.SetOf(items, at);
    }

    private Expr record() throws SyntaxError {
        int at = tokens.expect("{").at();
        var members = new LinkedHashMap<String, Expr>();
        while (!tokens.peek().is("}")) {
            var key = tokens.peek();
            var name = key.kind() == Kind.STRING ? tokens.string("a name") : tokens.identifier("a name").text();
            tokens.expect(":");
            if (members.putIfAbsent(name, expression()) != null)
                throw tokens.error(key, "`" + name + "` stands in this record twice");
            if (!tokens.peek().is("}")) tokens.expect(",");
        }
        tokens.expect("}");
        return new Expr.RecordOf(members, at);
    }

    /// Takes what makes the expression one deeper on its left, where no recursion of ours counts it.
    private Token chain() throws SyntaxError {
        if (++chained > CHAIN_MAX)
            throw tokens.error(
                    tokens.peek(),
                    "one policy may have " + CHAIN_MAX + " operators and members; split it into several");
        return tokens.take();
    }
}
