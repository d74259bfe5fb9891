package dev.masugata.app;

import dev.masugata.app.commands.Commands;

/// Where it begins; the launcher `masugata` starts it.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Commands.run(arguments));
    }
}
