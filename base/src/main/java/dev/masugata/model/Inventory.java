package dev.masugata.model;

import java.util.List;

/// What a look at something found: assets, how they hang together, what is weak.
public record Inventory(List<Asset> assets, List<Relation> relations, List<Weakness> weaknesses) {
    public Inventory {
        assets = List.copyOf(assets);
        relations = List.copyOf(relations);
        weaknesses = List.copyOf(weaknesses);
    }
}
