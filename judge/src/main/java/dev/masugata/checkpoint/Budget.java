package dev.masugata.checkpoint;

import dev.masugata.ledger.Spending;
import dev.masugata.ledger.Spending.Pocket;
import dev.masugata.model.Action;
import dev.masugata.model.Money;
import dev.masugata.model.Session;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// How much may be spent: by whom, on what, in which time.
///
/// @param limit     nothing goes that would be above it
/// @param holdAbove one call that costs more waits for a person
public record Budget(Whose whose, Scope scope, Period per, Money limit, Optional<Money> holdAbove) {
    /// Whose spending counts.
    public sealed interface Whose {
        boolean is(Session session);

        record Everybodys() implements Whose {
            @Override
            public boolean is(Session session) {
                return true;
            }
        }

        record Agents(String agent) implements Whose {
            @Override
            public boolean is(Session session) {
                return session.agent().name().equals(agent);
            }
        }

        record Users(String user) implements Whose {
            @Override
            public boolean is(Session session) {
                return session.agent().user().equals(user);
            }
        }

        record Groups(String group) implements Whose {
            @Override
            public boolean is(Session session) {
                return session.agent().groups().contains(group);
            }
        }

        /// Each session has the whole of it for itself.
        record EachSessions() implements Whose {
            @Override
            public boolean is(Session session) {
                return true;
            }
        }

        record OneSessions(String session) implements Whose {
            @Override
            public boolean is(Session it) {
                return it.id().equals(session);
            }
        }
    }

    /// On what.
    ///
    /// @param kind `all`, `http`, `host`, `model`, `provider`, `tools`, `server` or `tool`
    /// @param name of the host, the model (`provider/model`), the provider, the server or the tool (`server/tool`)
    public record Scope(String kind, String name) {
        public static final Scope ALL = new Scope("all", "");

        boolean fits(Action action) {
            return switch (kind) {
                case "http" -> action instanceof Action.HttpRequest;
                case "host" -> action instanceof Action.HttpRequest it && it.url().host().equals(name);
                case "model" -> action instanceof Action.ModelCall it && (name.isEmpty() || it.target().equals(name));
                case "provider" -> action instanceof Action.ModelCall it && it.provider().equals(name);
                case "tools" -> action instanceof Action.ToolCall;
                case "server" -> action instanceof Action.ToolCall it && it.server().equals(name);
                case "tool" -> action instanceof Action.ToolCall it && it.target().equals(name);
                default -> true;
            };
        }

        String text() {
            return name.isEmpty() ? kind : kind + ":" + name;
        }
    }

    /// The time in which it counts, in UTC.
    public enum Period {
        CALL, HOUR, DAY, MONTH, TOTAL
    }

    boolean fits(Session session, Action action) {
        return whose.is(session) && scope.fits(action);
    }

    /// Its pocket at that time.
    Pocket pocket(Session session, Instant now) {
        return pocket(session.id(), now);
    }

    private Pocket pocket(String session, Instant now) {
        var day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return switch (per) {
            case CALL, TOTAL -> new Pocket(name(session), Instant.EPOCH, Instant.MAX);
            case HOUR -> {
                var begins = now.truncatedTo(ChronoUnit.HOURS);
                yield new Pocket(name(session), begins, begins.plus(1, ChronoUnit.HOURS));
            }
            case DAY -> new Pocket(name(session), start(day), start(day.plusDays(1)));
            case MONTH -> new Pocket(
                    name(session), start(day.withDayOfMonth(1)), start(day.withDayOfMonth(1).plusMonths(1)));
        };
    }

    /// What was taken out of it in the period of that time; empty where each session or call has its own.
    public Optional<Spending.Used> used(Spending spending, Instant now) {
        if (per == Period.CALL || whose instanceof Whose.EachSessions) return Optional.empty();
        return Optional.of(spending.used(pocket("", now), limit.currency()));
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// Without its limit: what was spent counts against a new one, too.
    private String name(String session) {
        var who = switch (whose) {
            case Whose.Everybodys _ -> "all";
            case Whose.Agents(var agent) -> "agent:" + agent;
            case Whose.Users(var user) -> "user:" + user;
            case Whose.Groups(var group) -> "group:" + group;
            case Whose.EachSessions _ -> "session:" + session;
            case Whose.OneSessions(var id) -> "run:" + id;
        };
        return who + " " + scope.text() + " per " + per.name().toLowerCase(java.util.Locale.ROOT) + " in "
                + limit.currency();
    }

    /// For people: `5 USD a month for agent coder on host:api.example.com`.
    public String text() {
        var time = switch (per) {
            case CALL -> " a call";
            case HOUR -> " an hour";
            case DAY -> " a day";
            case MONTH -> " a month";
            case TOTAL -> " in all";
        };
        var who = switch (whose) {
            case Whose.Everybodys _ -> "";
            case Whose.Agents(var agent) -> " for agent " + agent;
            case Whose.Users(var user) -> " for user " + user;
            case Whose.Groups(var group) -> " for group " + group;
            case Whose.EachSessions _ -> " for each session";
            case Whose.OneSessions _ -> " for this run";
        };
        return limit + time + who + (scope.equals(Scope.ALL) ? "" : " on " + scope.text());
    }
}
