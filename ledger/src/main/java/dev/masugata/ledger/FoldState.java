package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/// One fold's state in memory: what is committed, which any thread may read, and over it what the writer's open
/// transaction has changed.
final class FoldState implements State.Change {
    private volatile Map<String, Cell> committed = new ConcurrentHashMap<>();
    private final Map<String, Optional<Cell>> changed = new LinkedHashMap<>();
    private long applying;

    /// What is committed.
    State committed() {
        return new State() {
            @Override
            public Optional<Json.Obj> at(String key) {
                return Optional.ofNullable(committed.get(key)).map(Cell::value);
            }

            @Override
            public void forEach(BiConsumer<String, Json.Obj> reader) {
                committed.forEach((key, cell) -> reader.accept(key, cell.value()));
            }
        };
    }

    /// What changes from here on is the work of this entry.
    void applying(long seq) {
        applying = seq;
    }

    Optional<Cell> cell(String key) {
        var here = changed.get(key);
        return here != null ? here : Optional.ofNullable(committed.get(key));
    }

    /// All of it, the open transaction's changes included.
    Map<String, Cell> cells() {
        var cells = new HashMap<>(committed);
        changed.forEach((key, cell) -> cell.ifPresentOrElse(it -> cells.put(key, it), () -> cells.remove(key)));
        return cells;
    }

    Map<String, Cell> committedCells() {
        return Map.copyOf(committed);
    }

    /// What the open transaction changed; empty: removed.
    Map<String, Optional<Cell>> changed() {
        return changed;
    }

    Optional<Cell> before(String key) {
        return Optional.ofNullable(committed.get(key));
    }

    @Override
    public Optional<Json.Obj> at(String key) {
        return cell(key).map(Cell::value);
    }

    @Override
    public void forEach(BiConsumer<String, Json.Obj> reader) {
        cells().forEach((key, cell) -> reader.accept(key, cell.value()));
    }

    @Override
    public void put(String key, Json.Obj value) {
        changed.put(key, Optional.of(new Cell(value, applying)));
    }

    @Override
    public void remove(String key) {
        changed.put(key, Optional.empty());
    }

    void commit() {
        changed.forEach((key, cell) ->
                cell.ifPresentOrElse(it -> committed.put(key, it), () -> committed.remove(key)));
        changed.clear();
    }

    void rollback() {
        changed.clear();
    }

    /// Begins again with what the database holds.
    void load(Map<String, Cell> cells) {
        changed.clear();
        committed = new ConcurrentHashMap<>(cells);
    }
}
