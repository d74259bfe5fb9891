package dev.masugata.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The room's SQL, read from its resource files.
final class Sql {
    private static final Map<String, String> NAMED = named(resource("statements.sql"));

    private Sql() {}

    /// The statement under `-- :name` in `statements.sql`.
    static String of(String name) {
        var sql = NAMED.get(name);
        if (sql == null) throw new IllegalArgumentException("no statement is named `" + name + "`");
        return sql;
    }

    /// The statements of a script, one after the other; each ends in `;`.
    static List<String> script(String path) {
        return Arrays.stream(code(resource(path)).split(";"))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }

    private static Map<String, String> named(String file) {
        var named = new HashMap<String, String>();
        var blocks = file.split("(?m)^-- :");
        for (var block : Arrays.asList(blocks).subList(1, blocks.length)) { // before the first: the file's own comment
            int end = block.indexOf('\n');
            if (named.put(block.substring(0, end).strip(), code(block.substring(end)).strip()) != null)
                throw new IllegalStateException("two statements are named `" + block.substring(0, end) + "`");
        }
        return Map.copyOf(named);
    }

    private static String code(String sql) {
        return sql.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
    }

    private static String resource(String path) {
        try (var in = Sql.class.getResourceAsStream(path)) {
            if (in == null) throw new IllegalStateException("`" + path + "` is missing from the program");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
