package dev.masugata.wire;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of an object as read, in their order. Nothing else holds the map inside, so none has to copy it.
final class Members extends AbstractMap<String, Json> {
    private final Map<String, Json> inside;

    Members(LinkedHashMap<String, Json> handedOver) {
        inside = Collections.unmodifiableMap(handedOver);
    }

    @Override
    public @Nullable Json get(Object name) {
        return inside.get(name);
    }

    @Override
    public boolean containsKey(Object name) {
        return inside.containsKey(name);
    }

    @Override
    public int size() {
        return inside.size();
    }

    @Override
    public Set<Entry<String, Json>> entrySet() {
        return inside.entrySet();
    }
}
