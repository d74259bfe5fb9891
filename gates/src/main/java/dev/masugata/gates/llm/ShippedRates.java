package dev.masugata.gates.llm;

import dev.masugata.checkpoint.ModelRate;
import dev.masugata.model.Money;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// What models cost as the catalog knows it (`catalog/models/prices.json`), dated.
public final class ShippedRates {
    private static final Json.Obj DATA = Format.read("prices");

    private ShippedRates() {}

    /// Of which day they are, `2025-11-30`.
    public static String dated() {
        return DATA.string("dated").orElseThrow();
    }

    /// For a provider whose name is its format's: another one of the same format has prices of its own.
    public static List<ModelRate> of(String provider, Format format) {
        var rates = new ArrayList<ModelRate>();
        if (!provider.equals(format.name)) return rates;
        for (var item : DATA.items("prices"))
            if (item instanceof Json.Obj one && one.string("format").orElseThrow().equals(format.name))
                rates.add(new ModelRate(
                        provider, one.string("model").orElseThrow(), money(one, "in"), money(one, "cached"),
                        money(one, "written"), money(one, "out"), one.integer("out_max").orElseThrow()));
        return rates;
    }

    private static Money money(Json.Obj one, String name) {
        return Money.of(one.string(name).orElseThrow(), "USD").orElseThrow();
    }
}
