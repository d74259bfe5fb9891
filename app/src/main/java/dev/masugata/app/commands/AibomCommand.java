package dev.masugata.app.commands;

import dev.masugata.app.config.UserHome;
import dev.masugata.scan.Bom;
import dev.masugata.scan.Machine;
import dev.masugata.scan.Progress;
import dev.masugata.scan.Scan;
import dev.masugata.scan.ScanLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `aibom`: what agents are made of, as a bill of materials.
@Command(
        name = "aibom",
        description = "Prints the ML-BOM (CycloneDX 1.6) of this machine, or of directories.",
        footer = {"", "Examples:", "  masugata aibom > aibom.json", "  masugata aibom ."})
final class AibomCommand extends Options implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "PATH", description = "directories, repositories, files")
    List<Path> paths = List.of();

    @Override
    public Integer call() throws IOException {
        for (var path : paths)
            if (!Files.exists(path)) throw new Failure(Failure.USAGE, "there is no `" + path + "`");
        var result = paths.isEmpty()
                ? Scan.machine(List.of(UserHome.path()), Machine.SILENT, ScanLimits.DEFAULT, Progress.NONE)
                : Scan.paths(paths, ScanLimits.DEFAULT, Progress.NONE);
        print(Bom.of(result.inventory(), Clock.systemUTC().instant()));
        return 0;
    }
}
