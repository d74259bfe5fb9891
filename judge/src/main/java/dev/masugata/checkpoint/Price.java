package dev.masugata.checkpoint;

import dev.masugata.model.Action;
import dev.masugata.model.Money;
import dev.masugata.wire.Json;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/// What one kind of call costs.
///
/// @param amount  of each call; where the answer says the true cost, the most that it can be
/// @param settles where the answer says it; empty: nowhere, the amount is the cost
public record Price(Place place, Money amount, Optional<Settles> settles) {
    /// What is called.
    public sealed interface Place {
        boolean fits(Action action);

        /// Requests over HTTP.
        ///
        /// @param host    a host, or `*.example.org` for all below it
        /// @param port    empty: the usual one of the scheme
        /// @param methods empty: all
        /// @param path    a path, or the beginning of one with `*` at its end; empty: all
        record Http(String host, OptionalInt port, Set<String> methods, String path) implements Place {
            @Override
            public boolean fits(Action action) {
                if (!(action instanceof Action.HttpRequest request)) return false;
                var url = request.url();
                boolean there = host.startsWith("*.")
                        ? url.host().endsWith(host.substring(1))
                        : url.host().equals(host);
                boolean gate = url.port() == port.orElse(url.tls() ? 443 : 80);
                boolean how = methods.isEmpty() || methods.contains(request.method());
                boolean what = path.isEmpty() || (path.endsWith("*")
                        ? url.path().startsWith(path.substring(0, path.length() - 1))
                        : url.path().equals(path));
                return there && gate && how && what;
            }
        }

        /// Calls of a model.
        ///
        /// @param target `provider/model`
        record Model(String target) implements Place {
            @Override
            public boolean fits(Action action) {
                return action instanceof Action.ModelCall call && call.target().equals(target);
            }
        }

        /// Calls of a tool.
        ///
        /// @param tool its name; empty: each of the server's
        record Tool(String server, String tool) implements Place {
            @Override
            public boolean fits(Action action) {
                return action instanceof Action.ToolCall call && call.server().equals(server)
                        && (tool.isEmpty() || call.tool().equals(tool));
            }
        }
    }

    /// What one call of a model can cost at most.
    static Price of(Action.ModelCall call, ModelRate rate) {
        return new Price(new Place.Model(call.target()), rate.most(call.most()), Optional.of(new Settles.Tokens(rate)));
    }

    /// Where an answer says what the call has cost: the tokens it took and brought, or a plain decimal number, in the
    /// price's currency.
    public sealed interface Settles {
        /// A field of its head.
        record Header(String name) implements Settles {}

        /// A member of its body, or of a tool's result.
        ///
        /// @param pointer RFC 6901
        record Body(String pointer) implements Settles {}

        /// What its provider says of tokens; the exit reads it.
        record Tokens(ModelRate rate) implements Settles {}
    }

    /// What an answer says; empty where it says nothing that can be read.
    ///
    /// @param header the value of a field of its head
    /// @param body   its body; [Json#NULL]: it was not read
    Optional<Money> cost(Function<String, Optional<String>> header, Json body) {
        return settles.flatMap(it -> switch (it) {
            case Settles.Header(var name) -> header.apply(name);
            case Settles.Body(var pointer) -> at(body, pointer).flatMap(value -> switch (value) {
                case Json.Num number -> Optional.of(number.literal());
                case Json.Str(var text, _) -> Optional.of(text);
                case Json.Arr _, Json.Obj _, Json.Bool _, Json.Null _ -> Optional.<String>empty();
            });
            case Settles.Tokens _ -> Optional.<String>empty();
        }).flatMap(text -> Money.of(text, amount.currency()));
    }

    private static Optional<Json> at(Json value, String pointer) {
        Optional<Json> here = Optional.of(value);
        for (var step : pointer.substring(1).split("/", -1)) {
            var name = step.replace("~1", "/").replace("~0", "~");
            here = here.flatMap(it -> switch (it) {
                case Json.Obj object -> object.at(name);
                case Json.Arr(var items, _) when name.matches("[0-9]{1,6}") && Integer.parseInt(name) < items.size() ->
                    Optional.of(items.get(Integer.parseInt(name)));
                default -> Optional.<Json>empty();
            });
        }
        return here;
    }
}
