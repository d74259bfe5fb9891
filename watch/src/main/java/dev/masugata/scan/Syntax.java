package dev.masugata.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.treesitter.TSInputEncoding;
import org.treesitter.TSLanguage;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTreeCursor;
import org.treesitter.TreeSitterBash;
import org.treesitter.TreeSitterJavascript;
import org.treesitter.TreeSitterPython;

/// Scripts as trees. The parser is native code: what it sees is bounded, and its tree is copied and closed at once.
final class Syntax {
    /// Characters of a script that are parsed.
    static final int CHARS = 512 * 1024;
    /// Nodes of one script.
    static final int NODES = 200_000;
    /// Nodes within nodes.
    static final int DEPTH = 250;

    /// @param field its name in its parent; empty if it has none
    /// @param from  offset in the text, as `to`
    record Node(String type, String field, int from, int to, List<Node> children) {
        Optional<Node> child(String name) {
            return children.stream().filter(it -> it.field().equals(name)).findFirst();
        }
    }

    enum Language {
        PYTHON, JAVASCRIPT, BASH;

        static Optional<Language> of(String ending) {
            return switch (ending) {
                case "py" -> Optional.of(PYTHON);
                case "js", "mjs", "cjs", "ts", "jsx" -> Optional.of(JAVASCRIPT);
                case "sh", "bash", "zsh" -> Optional.of(BASH);
                case String _ -> Optional.empty();
            };
        }

        private TSLanguage grammar() {
            return switch (this) {
                case PYTHON -> new TreeSitterPython();
                case JAVASCRIPT -> new TreeSitterJavascript();
                case BASH -> new TreeSitterBash();
            };
        }
    }

    private int nodes;

    private Syntax() {}

    /// Offsets are those of the text: what is not ASCII is replaced, so that characters and bytes are the same.
    static Optional<Node> parse(Language language, String text) {
        if (text.length() > CHARS) return Optional.empty();
        var ascii = new StringBuilder(text);
        for (int i = 0; i < ascii.length(); i++) if (ascii.charAt(i) > 126 || ascii.charAt(i) == 0) ascii.setCharAt(i,
                '_');
        try (var parser = new TSParser()) {
            parser.setLanguage(language.grammar());
            var tree = parser.parseStringEncoding(null, ascii.toString(), TSInputEncoding.TSInputEncodingUTF8);
            try (var cursor = new TSTreeCursor(tree.getRootNode())) {
                return Optional.of(new Syntax().copy(cursor, 0));
            }
        }
    }

    private Node copy(TSTreeCursor cursor, int depth) {
        var node = cursor.currentNode();
        var field = cursor.currentFieldName();
        var children = new ArrayList<Node>();
        if (depth < DEPTH && nodes < NODES && cursor.gotoFirstChild()) {
            do {
                nodes++;
                children.add(copy(cursor, depth + 1));
            } while (nodes < NODES && cursor.gotoNextSibling());
            cursor.gotoParent();
        }
        return of(node, field == null ? "" : field, children);
    }

    private static Node of(TSNode node, String field, List<Node> children) {
        return new Node(node.getType(), field, node.getStartByte(), node.getEndByte(), children);
    }
}
