package dev.masugata.app.commands;

import dev.masugata.app.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `demo`: the same scripted agent twice.
@Command(
        name = "demo",
        description = "Runs the same scripted agent twice, without Masugata and with it. No account, no network.",
        footer = {"", "Example:", "  masugata demo"})
final class DemoCommand extends Options implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
        return Demo.run();
    }
}
