package dev.masugata.app.config;

import dev.masugata.checkpoint.RateLimits.Rate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `limits`: how often who may call.
final class RateSection {
    /// What holds where nothing is said.
    static final Map<String, Rate> RATES =
            Map.of("caller", new Rate(200, 400), "tool", new Rate(100, 200), "address", new Rate(400, 800));

    private static final Pattern RATE = Pattern.compile("([0-9]{1,7})/(s|m|h)");

    private RateSection() {}

    static Map<String, Rate> read(Section top) {
        var limits = top.section("limits");
        var rates = new HashMap<>(RATES);
        for (var dimension : RATES.keySet())
            limits.parsed(dimension, "a rate such as `200/s` or `600/m`", RateSection::rate)
                    .ifPresent(rate -> rates.put(dimension, rate));
        limits.done();
        return rates;
    }

    private static Optional<Rate> rate(String text) {
        var form = RATE.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(1)) < 1) return Optional.empty();
        int count = Integer.parseInt(form.group(1));
        double seconds =
                switch (form.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    default -> 3600;
                };
        // A burst of twice a second's worth for rates by the second; else the whole count may come at once.
        int burst = seconds == 1 ? 2 * count : count;
        return Optional.of(new Rate(count / seconds, burst));
    }
}
