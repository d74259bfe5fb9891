package dev.masugata.train;

import java.util.Locale;
import java.util.Random;

/// How people and programs spoil a text: slips of the keyboard, case, missing stops, wrapped lines, quotes.
final class Variation {
    private Variation() {}

    static String of(String text, Random random) {
        var varied = text;
        if (random.nextInt(100) < 10) varied = slips(varied, random);
        int form = random.nextInt(100);
        if (form < 8) varied = varied.toLowerCase(Locale.ROOT);
        else if (form < 11 && varied.length() < 400) varied = varied.toUpperCase(Locale.ROOT);
        else if (form < 15) varied = varied.replace(".", "").replace(",", "");
        else if (form < 24) varied = wrapped(varied, 50 + random.nextInt(40), "\n" + " ".repeat(random.nextInt(3) * 2));
        else if (form < 27) varied = "> " + varied.replace("\n", "\n> ");
        else if (form < 30) varied = varied.replace(". ", ".\n\n");
        else if (form < 32) varied = varied.replace(". ", "!! ");
        else if (form < 34) varied = "**" + varied + "**";
        return varied;
    }

    private static String slips(String text, Random random) {
        var out = new StringBuilder(text);
        for (int slips = 1 + text.length() / 120; slips > 0 && out.length() > 3; slips--) {
            int at = random.nextInt(out.length() - 1);
            if (!Character.isLetter(out.charAt(at)) || out.charAt(at) > 127) continue;
            switch (random.nextInt(3)) {
                case 0 -> out.deleteCharAt(at);
                case 1 -> out.insert(at, out.charAt(at));
                default -> {
                    char next = out.charAt(at + 1);
                    out.setCharAt(at + 1, out.charAt(at));
                    out.setCharAt(at, next);
                }
            }
        }
        return out.toString();
    }

    /// As YAML folds a long line.
    static String wrapped(String text, int columns, String end) {
        var out = new StringBuilder();
        int column = 0;
        for (var word : text.split(" ", -1)) {
            if (column > 0 && column + word.length() > columns) {
                out.append(end);
                column = 0;
            } else if (!out.isEmpty()) out.append(' ');
            out.append(word);
            column += word.length() + 1;
        }
        return out.toString();
    }
}
