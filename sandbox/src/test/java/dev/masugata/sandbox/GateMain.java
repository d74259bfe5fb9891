package dev.masugata.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A gate in its smallest form, to be killed.
final class GateMain {
    private GateMain() {}

    public static void main(String[] arguments) throws Exception {
        var sandbox = Sandbox.at(Path.of(arguments[0]), Path.of("/opt"));
        var session = sandbox.open(new SessionSpec("s-gate", Optional.of(Path.of(arguments[1])), List.of(80)));
        var script =
                "echo left > left.txt; (setsid sh -c 'trap \"\" HUP TERM; sleep 14142135' &); echo up; sleep 14142135";
        if (arguments[2].equals("storm")) storm(session);
        for (int i = 0; i < 2; i++)
            session.start(SealSpec.agent(List.of("sh", "-c", script), Map.of()))
                    .stdout()
                    .readNBytes(3);
        System.out.println("ready");
        Thread.sleep(Long.MAX_VALUE);
    }

    /// Starts and starts, until it is killed.
    private static void storm(SealedSession session) throws Exception {
        while (true) {
            session.start(SealSpec.agent(List.of("sleep", "14142135"), Map.of()));
            System.out.println("started");
        }
    }
}
