package dev.masugata.scan;

import dev.masugata.model.Asset;
import dev.masugata.wire.Json;
import java.util.List;

/// What checks look at: a thing, what is said of it as a tree, and where that stands.
///
/// @param on    its kind, as checks name it
/// @param agent whose it is; empty if nobody's
/// @param asset the thing
/// @param file  where it is described; empty if nowhere
/// @param text  of that file
/// @param under where in the file's tree it stands
/// @param tree  what is said of it
record Subject(
        String on, String agent, Asset asset, String file, String text, List<String> under, Json tree) {}
