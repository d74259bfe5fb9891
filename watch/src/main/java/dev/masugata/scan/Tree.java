package dev.masugata.scan;

import dev.masugata.wire.Json;
import java.util.ArrayList;
import java.util.List;

/// Ways into a tree: `a.b.*.c`, where `*` is every member or item and `a|b` either name.
final class Tree {
    private Tree() {}

    /// @param path where it is, each name a step
    record Place(List<String> path, Json value) {
        String words() {
            return String.join(".", path);
        }
    }

    static List<Place> at(Json tree, String way) {
        var places = List.of(new Place(List.of(), tree));
        if (way.isEmpty()) return places;
        for (var step : steps(way)) {
            var next = new ArrayList<Place>();
            for (var place : places) step(place, step, next);
            places = next;
        }
        return places;
    }

    /// Names are parted by `.`; a name with one in it is written in brackets: `[agents.defaults]`.
    private static List<String> steps(String way) {
        var steps = new ArrayList<String>();
        int at = 0;
        while (at < way.length()) {
            if (way.charAt(at) == '[') {
                int close = way.indexOf(']', at);
                steps.add(way.substring(at + 1, close));
                at = close + 2;
            } else {
                int dot = way.indexOf('.', at);
                if (dot < 0) dot = way.length();
                steps.add(way.substring(at, dot));
                at = dot + 1;
            }
        }
        return steps;
    }

    private static void step(Place place, String step, List<Place> next) {
        switch (place.value()) {
            case Json.Obj object -> {
                if (step.equals("*")) object.members().forEach((name, value) -> next.add(below(place, name, value)));
                else for (var name : step.split("\\|"))
                    object.at(name).ifPresent(value -> next.add(below(place, name, value)));
            }
            case Json.Arr array -> {
                if (!step.equals("*")) return;
                for (int i = 0; i < array.items().size(); i++)
                    next.add(below(place, Integer.toString(i), array.items().get(i)));
            }
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private static Place below(Place place, String name, Json value) {
        var path = new ArrayList<>(place.path());
        path.add(name);
        return new Place(path, value);
    }

    /// Where in the text the path probably stands: its names one after the other. Good enough to point a person at it.
    static int line(String text, List<String> path) {
        int at = 0;
        for (var name : path) {
            if (name.isEmpty() || name.chars().allMatch(Character::isDigit)) continue;
            int found = text.indexOf(name, at);
            if (found >= 0) at = found;
        }
        return lineAt(text, at);
    }

    static int lineAt(String text, int offset) {
        int line = 1;
        for (int i = 0; i < offset && i < text.length(); i++) if (text.charAt(i) == '\n') line++;
        return line;
    }

    /// A value as a pattern sees it.
    static String word(Json value) {
        return switch (value) {
            case Json.Str text -> text.value();
            case Json.Num number -> number.toString();
            case Json.Bool truth -> truth.toString();
            case Json.Null _ -> "";
            case Json.Arr array -> String.join(" ", array.items().stream().map(Tree::word).toList());
            case Json.Obj object -> dev.masugata.wire.JsonWriter.text(object);
        };
    }
}
