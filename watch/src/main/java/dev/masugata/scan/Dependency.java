package dev.masugata.scan;

/// A package that a manifest or a lockfile names.
///
/// @param ecosystem as package URLs spell it: `npm`, `pypi`, `golang`, `cargo`, `maven`, `gem`, `composer`, `nuget`
/// @param version   exact; empty where the file only gives a range
/// @param from      where it comes from if it is no registry: a URL or a path; else empty
record Dependency(String ecosystem, String name, String version, String from) {
    Dependency(String ecosystem, String name, String version) {
        this(ecosystem, name, version, "");
    }

    String purl() {
        return "pkg:" + ecosystem + "/" + name.replace(':', '/') + (version.isEmpty() ? "" : "@" + version);
    }
}
