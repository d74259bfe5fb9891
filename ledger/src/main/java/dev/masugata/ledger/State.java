package dev.masugata.ledger;

import dev.masugata.wire.Json;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// What a fold knows, by key.
interface State {
    Optional<Json.Obj> at(String key);

    void forEach(BiConsumer<String, Json.Obj> reader);

    /// A state being changed by the event at hand.
    interface Change extends State {
        void put(String key, Json.Obj value);

        void remove(String key);
    }

    /// A value, and the entry that made it so.
    record Cell(Json.Obj value, long seq) {}

    /// A state that is a plain map.
    record Of(Map<String, Cell> cells) implements State {
        @Override
        public Optional<Json.Obj> at(String key) {
            return Optional.ofNullable(cells.get(key)).map(Cell::value);
        }

        @Override
        public void forEach(BiConsumer<String, Json.Obj> reader) {
            cells.forEach((key, cell) -> reader.accept(key, cell.value()));
        }
    }
}
