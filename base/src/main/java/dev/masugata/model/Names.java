package dev.masugata.model;

import java.util.regex.Pattern;

/// Names that configuration gives to agents, servers and sessions.
final class Names {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

    private Names() {}

    static void require(String what, String name) {
        if (!NAME.matcher(name).matches())
            throw new IllegalArgumentException(
                    what + " `" + name + "` must be 1 to 64 letters, digits, `.`, `_` or `-`, and begin with a letter or digit");
    }
}
