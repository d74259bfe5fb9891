package dev.masugata.gates.llm;

import dev.masugata.checkpoint.Slot;
import dev.masugata.model.Circumstance;
import java.util.List;
import java.util.Set;

/// Who answers calls of models, as configuration says.
///
/// @param name    as paths and budgets name it
/// @param url     where it is, without the slash at its end; with the version where it ends in one
/// @param slot    of its key
/// @param lent    which credential that is
/// @param instead who is asked where this one fails, in order
/// @param promises what the operator knows of it: `no-training`, `eu`
/// @param effects what it may do by itself, by the catalog's names
public record Provider(
        String name, Format format, String url, Slot slot, Circumstance.Lent lent, List<String> instead,
        Set<String> promises, Set<String> effects) {
    public Provider {
        instead = List.copyOf(instead);
        promises = Set.copyOf(promises);
        effects = Set.copyOf(effects);
    }

    /// The address of what a client asks for.
    ///
    /// @param version as the client wrote it, `v1`
    /// @param rest    of its path, from the slash behind the version
    String address(String version, String rest) {
        return (url.matches(".*/v[0-9][a-z0-9]*") ? url : url + "/" + version) + rest;
    }
}
