package dev.masugata.definition;

import dev.masugata.model.Finding;
import java.util.List;

/// One way of looking at a definition.
public interface Check {
    /// What it finds; each with a place in [Definition#whole].
    List<Finding> check(Definition definition);
}
