package dev.masugata.gates.llm;

import dev.masugata.model.Channel;
import dev.masugata.model.HttpUrl;
import dev.masugata.model.ToolClass;
import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Goes through a request as its format's shapes describe it: which part came by which channel, and what the provider
/// would do by itself. What no shape describes is doubtful, and a doubtful request is refused.
///
/// Shapes are `"any"` (nothing in it has an effect), the name of another shape, or one of `object`, `list`, `by` with
/// `cases`, `string`/`list`/`object` by the kind of value, `one-of`, `channel` with `is`, `url`, `effect`, `true`.
final class Reading {
    /// What the provider would do by itself.
    sealed interface Effect {
        /// By its name in the catalog.
        ///
        /// @param names what of the provider's it names; empty where it names nothing
        record Own(String name, ToolClass toolClass, String place, String names) implements Effect {}

        /// It would call a URL.
        record Fetch(HttpUrl url, String method, String place) implements Effect {}
    }

    /// Effects and media of one request.
    static final int EFFECTS_MAX = 256;

    private final Json.Obj shapes;
    private final Map<String, Channel> parts = new LinkedHashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private String doubt = "";

    Reading(Json.Obj shapes) {
        this.shapes = shapes;
    }

    Reading of(String shape, Json.Obj body) {
        look(shapes.members().get(shape), body, "");
        return this;
    }

    Map<String, Channel> parts() {
        return parts;
    }

    List<Effect> effects() {
        return effects;
    }

    /// Why the request is not understood; empty if it is.
    Optional<String> doubt() {
        return doubt.isEmpty() ? Optional.empty() : Optional.of(doubt);
    }

    private void doubt(String place, String what) {
        if (doubt.isEmpty()) doubt = "`" + (place.isEmpty() ? "/" : shortened(place)) + "` " + what;
    }

    private static String shortened(String text) {
        return text.length() > 120 ? text.substring(0, 120) + "..." : text;
    }

    private void look(@org.jspecify.annotations.Nullable Json shape, Json value, String place) {
        if (!doubt.isEmpty() || value instanceof Json.Null) return;
        switch (shape) {
            case Json.Str(var name, _) -> {
                if (!name.equals("any")) look(shapes.members().get(name), value, place);
            }
            case Json.Obj rule -> rule(rule, value, place);
            case null, default -> throw new IllegalStateException("the catalog has no shape for " + place);
        }
    }

    private void rule(Json.Obj rule, Json value, String place) {
        if (rule.at("channel").isPresent()) {
            Channel.of(rule.string("channel").orElseThrow()).ifPresent(it -> parts.put(place, it));
            look(rule.members().get("is"), value, place);
            return;
        }
        if (rule.at("effect").isPresent()) {
            own(rule.string("effect").orElseThrow(), rule, value, place);
            return;
        }
        if (rule.at("true").isPresent()) {
            if (value instanceof Json.Bool(boolean on) && !on) return;
            own(rule.string("true").orElseThrow(), rule, value, place);
            return;
        }
        if (rule.at("one-of").isPresent()) {
            if (!rule.items("one-of").contains(value)) doubt(place, "has a value that is not let through");
            return;
        }
        if (rule.at("by").isPresent()) {
            by(rule, value, place);
            return;
        }
        switch (value) {
            case Json.Str(var text, _) when rule.at("url").isPresent() ->
                url(text, rule.string("url").orElseThrow(), place);
            case Json.Obj object when rule.at("object").isPresent() -> object(rule, object, place);
            case Json.Arr(var items, _) when rule.at("list").isPresent() -> {
                for (int i = 0; i < items.size(); i++) look(rule.members().get("list"), items.get(i), place + "/" + i);
            }
            case Json.Str _ when rule.at("string").isPresent() -> look(rule.members().get("string"), value, place);
            default -> doubt(place, "is not what it should be");
        }
    }

    private void object(Json.Obj rule, Json.Obj object, String place) {
        // Either the known members, or a shape of its own where the value may also be of another kind.
        var known = rule.object("object");
        boolean named = rule.members().get("object") instanceof Json.Str || isRule(known);
        if (named) {
            look(rule.members().get("object"), object, place);
            return;
        }
        for (var member : object.members().entrySet()) {
            var there = place + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            var shape = known.members().get(member.getKey());
            if (shape != null) look(shape, member.getValue(), there);
            else if (!(member.getValue() instanceof Json.Null)) doubt(there, "is not known to be without effect");
        }
    }

    private static boolean isRule(Json.Obj shape) {
        return shape.members().size() <= 3 && (shape.at("by").isPresent() && shape.at("cases").isPresent()
                || shape.members().size() == 1 && shape.members().get("object") instanceof Json.Obj);
    }

    private void by(Json.Obj rule, Json value, String place) {
        if (!(value instanceof Json.Obj object)) {
            doubt(place, "is no object");
            return;
        }
        var by = rule.string("by").orElseThrow();
        var word = object.string(by);
        if (word.isEmpty() && object.at(by).isEmpty() && rule.at("else-when-absent").isPresent()) {
            look(rule.members().get("else-when-absent"), value, place);
            return;
        }
        var shape = word.map(it -> rule.object("cases").members().get(it));
        if (shape.isEmpty()) doubt(place + "/" + by, "is `" + shortened(word.orElse(""))
                + "`, which is not let through");
        else look(shape.get(), value, place);
    }

    private void own(String name, Json.Obj rule, Json value, String place) {
        var toolClass = ToolClass.valueOf(rule.string("class").orElseThrow().toUpperCase(Locale.ROOT));
        add(new Effect.Own(name, toolClass, place, value instanceof Json.Str(var text, _) ? text : ""), place);
    }

    private static final Pattern HOST = Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63})+");
    /// Steps that lead elsewhere than they are written, and what is encoded without need.
    private static final Pattern DOTS = Pattern.compile("(^|/)\\.\\.?(/|$)|%2[eEfF]|%5[cC]|\\\\");

    private void url(String text, String method, String place) {
        if (text.regionMatches(true, 0, "data:", 0, 5)) return;
        // The provider is told the text, so that must be what is judged.
        var url = HttpUrl.of(text).filter(it -> it.text().equals(text) || it.text().equals(text + "/"));
        boolean plain = url.isPresent() && HOST.matcher(url.get().host()).matches()
                && !DOTS.matcher(url.get().path()).find();
        if (!plain) doubt(place, "is no URL in its canonical form");
        else add(new Effect.Fetch(url.get(), method, place), place);
    }

    private void add(Effect effect, String place) {
        if (effects.size() >= EFFECTS_MAX) doubt(place, "is one effect too many");
        else effects.add(effect);
    }
}
