package dev.masugata.model;

/// What is wrong with an asset: which check says so, how bad it is, where it stands, what mends it; never a secret.
///
/// @param id    the same weakness has the same id in every scan: made of check, asset and place, not of the line
/// @param check the catalog entry's id
/// @param asset the asset's id
/// @param file  where it stands: an absolute path, or one below what was scanned; empty where it is in no file
/// @param line  from 1; 0 where it is in no line
/// @param says  what is wrong here, with names; no value of a secret
/// @param mend  what to do about it
public record Weakness(
        String id, String check, Severity severity, String asset, String file, int line, String says, String mend) {
    public Weakness {
        if (id.isBlank() || check.isBlank()) throw new IllegalArgumentException("a weakness has an id and a check");
        if (line < 0) throw new IllegalArgumentException("lines are counted from 1");
    }
}
