package dev.masugata.app.config;

import dev.masugata.checkpoint.Budget;
import dev.masugata.checkpoint.Budget.Whose;
import dev.masugata.checkpoint.ModelRate;
import dev.masugata.checkpoint.Price;
import dev.masugata.checkpoint.Price.Place;
import dev.masugata.checkpoint.Price.Settles;
import dev.masugata.model.Money;
import dev.masugata.policy.HostRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Reads `prices` and `budgets`: what calls cost, and how much may be spent.
final class MoneySection {
    private static final String MONEY = "an amount such as `5.00 USD`, with 12 digits behind the point at most";
    private static final Set<String> SCOPES = Set.of("all", "http", "tools", "model");
    private static final Set<String> NAMED = Set.of("host", "server", "tool", "model", "provider");

    private MoneySection() {}

    static List<Price> prices(Section top, Set<String> servers) {
        var prices = new ArrayList<Price>();
        for (var entry : top.sections("prices")) {
            var price = entry.parsed("price", MONEY, Money::of);
            var most = entry.parsed("at_most", MONEY, Money::of);
            var settles = settles(entry);
            var place = place(entry, servers);
            if (price.isPresent() == most.isPresent())
                entry.problem(null, "a price is `price: AMOUNT`, or `at_most: AMOUNT` with `settle`: where the answer"
                        + " says what it has cost");
            else if (most.isPresent() && settles.isEmpty())
                entry.problemAt("at_most", "`at_most` needs `settle: { header: NAME }` or"
                        + " `settle: { json: /POINTER }`");
            else if (price.isPresent() && settles.isPresent())
                entry.problemAt("settle", "`settle` belongs to `at_most`: a `price` is what each call costs");
            else place.ifPresent(it -> prices.add(new Price(it, price.or(() -> most).orElseThrow(), settles)));
            entry.done();
        }
        return prices;
    }

    private static Optional<Settles> settles(Section entry) {
        if (!entry.names().contains("settle")) return Optional.empty();
        var section = entry.section("settle");
        var header = section.parsed("header", "a header's name", it ->
                it.matches("[A-Za-z0-9-]{1,100}") ? Optional.of(it.toLowerCase(Locale.ROOT)) : Optional.empty());
        var json = section.parsed("json", "a JSON Pointer such as `/usage/cost`", it ->
                it.startsWith("/") && it.length() <= 200 ? Optional.of(it) : Optional.empty());
        section.done();
        if (header.isPresent() && json.isPresent())
            entry.problemAt("settle", "`settle` names a `header` or a `json` pointer, and not both");
        return header.<Settles>map(Settles.Header::new).or(() -> json.map(Settles.Body::new));
    }

    private static Optional<Place> place(Section entry, Set<String> servers) {
        var host = entry.parsed("host", "a host such as `api.example.com` or `*.example.org`", text ->
                HostRule.parse(text, false).filter(it -> it.port().isEmpty() && !it.host().equals("*"))
                        .map(HostRule::host));
        var port = entry.parsed("port", "a port", EgressSection::port);
        var path = entry.parsed("path", "a path, or the beginning of one with `*` at its end", it ->
                it.matches("/[^*?#]{0,500}\\*?") ? Optional.of(it) : Optional.empty());
        var methods = new HashSet<String>();
        for (var method : entry.texts("methods")) methods.add(method.toUpperCase(Locale.ROOT));
        var tool = entry.text("tool");
        if (entry.names().contains("host") == entry.names().contains("tool")) {
            entry.problem(null, "a price is of requests to a `host`, or of calls of a `tool` (`server/tool` or"
                    + " `server/*`)");
            return Optional.empty();
        }
        if (host.isPresent())
            return Optional.of(new Place.Http(host.get(), port.map(OptionalInt::of).orElse(OptionalInt.empty()),
                    methods,
                    path.orElse("")));
        return tool.flatMap(it -> tool(entry, it, servers));
    }

    private static Optional<Place> tool(Section entry, String text, Set<String> servers) {
        int slash = text.indexOf('/');
        var server = slash < 0 ? text : text.substring(0, slash);
        if (slash < 0 || slash == text.length() - 1) {
            entry.problemAt("tool", "a tool is `server/tool`, all of a server `server/*`");
            return Optional.empty();
        }
        if (!servers.contains(server)) {
            entry.problemAt("tool", "there is no `mcp.servers." + server + "`" + Nearest.of(server, servers)
                    .map(it -> "; did you mean `" + it + "`?").orElse(""));
            return Optional.empty();
        }
        var name = text.substring(slash + 1);
        return Optional.of(new Place.Tool(server, name.equals("*") ? "" : name));
    }

    /// @param rates of models, likewise
    /// @param prices of which each must have a currency that its budgets have
    static List<Budget> budgets(Section top, List<Price> prices, List<ModelRate> rates) {
        var budgets = new ArrayList<Budget>();
        for (var entry : top.sections("budgets")) {
            var limit = entry.parsed("limit", MONEY, Money::of);
            var holdAbove = entry.parsed("hold_above", MONEY, Money::of);
            var per = entry.parsed("per", "`call`, `hour`, `day`, `month` or `total`", it -> switch (it) {
                case "call", "hour", "day", "month", "total" ->
                    Optional.of(Budget.Period.valueOf(it.toUpperCase(Locale.ROOT)));
                default -> Optional.<Budget.Period>empty();
            });
            var scope = entry.parsed("scope", "`all`, `http`, `model`, `tools`, `host:NAME`, `provider:NAME`,"
                    + " `model:PROVIDER/MODEL`, `server:NAME` or `tool:SERVER/TOOL`", MoneySection::scope)
                    .orElse(Budget.Scope.ALL);
            var whose = whose(entry);
            if (!entry.names().contains("limit")) entry.problem(null, "a budget needs a `limit`: " + MONEY);
            if (!entry.names().contains("per")) entry.problem(null, "a budget needs `per`: hour, day, month or total");
            if (limit.isPresent() && holdAbove.isPresent()
                    && !limit.get().currency().equals(holdAbove.get().currency()))
                entry.problemAt("hold_above", "`hold_above` and `limit` are of one currency");
            else if (limit.isPresent() && per.isPresent()) {
                boolean some = !prices.isEmpty() || !rates.isEmpty();
                if (some && !has(limit.get().currency(), prices, rates))
                    entry.problemAt("limit", "no price is in " + limit.get().currency()
                            + ", so nothing would ever count against it");
                budgets.add(new Budget(whose, scope, per.get(), limit.get(), holdAbove));
            }
            entry.done();
        }
        return budgets;
    }

    private static boolean has(String currency, List<Price> prices, List<ModelRate> rates) {
        return prices.stream().anyMatch(it -> it.amount().currency().equals(currency))
                || rates.stream().anyMatch(it -> it.in().currency().equals(currency));
    }

    private static Whose whose(Section entry) {
        var agent = entry.text("agent");
        var user = entry.text("user");
        var group = entry.text("group");
        boolean session = entry.flag("session");
        int named = (agent.isPresent() ? 1 : 0) + (user.isPresent() ? 1 : 0) + (group.isPresent() ? 1 : 0)
                + (session ? 1 : 0);
        if (named > 1)
            entry.problem(null, "a budget is an agent's, a user's, a group's, each session's, or everybody's:"
                    + " name one");
        return agent.<Whose>map(Whose.Agents::new)
                .or(() -> user.map(Whose.Users::new))
                .or(() -> group.map(Whose.Groups::new))
                .orElseGet(() -> session ? new Whose.EachSessions() : new Whose.Everybodys());
    }

    private static Optional<Budget.Scope> scope(String text) {
        if (SCOPES.contains(text)) return Optional.of(new Budget.Scope(text, ""));
        int colon = text.indexOf(':');
        if (colon < 0 || colon == text.length() - 1 || !NAMED.contains(text.substring(0, colon)))
            return Optional.empty();
        return Optional.of(new Budget.Scope(text.substring(0, colon), text.substring(colon + 1)));
    }
}
