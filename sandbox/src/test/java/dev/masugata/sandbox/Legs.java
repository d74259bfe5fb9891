package dev.masugata.sandbox;

/// As whom the tests run: as whoever started the build where that is root, and always once as an ordinary user.
final class Legs {
    private Legs() {}

    /// Whether this process can seal. Where it cannot, [OrdinaryUserTest] runs the same tests in one that can.
    static boolean canSeal() {
        return Standing.here() != Standing.NONE;
    }

    static boolean isRoot() {
        return Standing.here() == Standing.ROOT;
    }
}
