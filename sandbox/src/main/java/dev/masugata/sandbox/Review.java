package dev.masugata.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What a session changed, and a person's answer to it: apply or discard.
///
/// Works while the session runs, after it ended and after the gate was restarted: all is read from the session's
/// layer on disk and the workspace as it is now.
public final class Review implements AutoCloseable {
    /// A longer text is not compared line by line.
    public static final int DIFF_BYTES = 1 << 20;

    private final Stored stored;
    private final Store store;
    private final Layers layers;
    private final ReentrantLock turn;

    private Review(Stored stored, Store store, Layers layers, ReentrantLock turn) {
        this.stored = stored;
        this.store = store;
        this.layers = layers;
        this.turn = turn;
    }

    /// @param turn held while something is applied: one at a time for each session
    static Review open(Stored stored, Store store, ReentrantLock turn) throws SealException, IOException {
        return new Review(stored, store, Layers.open(stored, store), turn);
    }

    public Stored session() {
        return stored;
    }

    /// What the session left other than the host has it now. What was applied already is no change any more.
    public Changes changes() throws SealException {
        return changes(ChangeScan.Limits.USUAL);
    }

    Changes changes(ChangeScan.Limits limits) throws SealException {
        try {
            return ChangeScan.run(layers, baseline(), stored.workspace(), limits);
        } catch (IOException e) {
            throw new SealException(
                    "the changes of session `" + stored.id() + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private Baseline baseline() throws IOException {
        return Baseline.read(store.directory(stored.id()), stored.started());
    }

    /// One change as lines of a unified diff, safe to show on a terminal. For what is no text, one line says so.
    public List<String> diff(Change change) throws SealException {
        try {
            var old = text(layers.host, change.path(), change.before());
            var now = text(layers.upper, change.path(), change.after());
            if (old.isEmpty() || now.isEmpty()) return List.of(summary(change));
            return UnifiedDiff.hunks(old.get(), now.get());
        } catch (KernelException e) {
            throw new SealException("`" + change.path() + "` cannot be compared: " + e.word(), e);
        }
    }

    /// The text of a file, the empty text where nothing is; empty for what cannot be shown as text.
    private static Optional<String> text(Fd root, TreePath path, Optional<Node> node) throws KernelException {
        if (node.isEmpty()) return Optional.of("");
        return switch (node.get()) {
            case Node.File(_, var size, _) when size > DIFF_BYTES -> Optional.empty();
            case Node.File _ -> {
                try (var file = Layers.file(root, path)) {
                    yield decoded(UnsafeContent.head(file, DIFF_BYTES + 1));
                }
            }
            case Node.Directory _, Node.Link _, Node.Special _ -> Optional.empty();
        };
    }

    private static Optional<String> decoded(byte[] bytes) {
        for (var one : bytes) if (one == 0) return Optional.empty();
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String summary(Change change) {
        var old = change.before().map(Review::words).orElse("nothing");
        return old + " -> " + change.after().map(Review::words).orElse("nothing");
    }

    private static String words(Node node) {
        return switch (node) {
            case Node.File(var mode, var size, _) -> "binary or long file, %d bytes, %04o".formatted(size, mode);
            case Node.Directory(var mode) -> "directory, %04o".formatted(mode);
            case Node.Link(var target) -> "link to " + Visible.text(target);
            case Node.Special(var what) -> what;
        };
    }

    /// Brings reviewed changes into the workspace; those with an obstacle, and those whose file on either side is not
    /// the reviewed one any more, are refused one by one. Doing it again does no harm.
    ///
    /// @param reviewed changes as [#changes] gave them
    public Applied apply(Collection<Change> reviewed) throws SealException {
        turn.lock();
        try {
            var asRoot = Standing.here() == Standing.ROOT;
            return Apply.run(new HashSet<>(reviewed), layers, baseline(), stored.id(), asRoot);
        } catch (IOException e) {
            throw new SealException("the workspace cannot be written: " + e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        layers.close();
    }
}
