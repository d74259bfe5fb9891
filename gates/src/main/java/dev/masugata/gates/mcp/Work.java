package dev.masugata.gates.mcp;

import dev.masugata.checkpoint.Answer;
import dev.masugata.checkpoint.Inward;
import dev.masugata.wire.Json;
import dev.masugata.wire.JsonRpc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A call to a server of a revision with a handshake, made for a client of one without: the server asks while the call
/// is under way, the client is asked in a result and answers with its next request. Meanwhile the call goes on here.
final class Work implements Inward {
    /// What happens to the call.
    sealed interface Happening {
        record Done(Answer answer) implements Happening {}

        record Asked(String key) implements Happening {}
    }

    /// @param reply completed exceptionally when nobody answers
    record Question(String method, Json.Obj params, CompletableFuture<Json.Obj> reply) {}

    private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>();
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final AtomicInteger keys = new AtomicInteger();
    private volatile @Nullable Inward client;
    private volatile @Nullable Thread thread;
    private final Conversation with;
    private volatile @Nullable String missing;

    /// @param with who is asked
    Work(Conversation with) {
        this.with = with;
    }

    /// What the server asked that the client did not say it can be asked; empty if nothing.
    Optional<String> missing() {
        return Optional.ofNullable(missing);
    }

    /// Begins the call, on a thread of its own.
    void start(Function<Inward, Answer> call) {
        thread = Thread.ofVirtual().name("mcp call").start(
                () -> happenings.add(new Happening.Done(call.apply(this))));
    }

    /// Waits for what happens next. Who waits is who hears what the server says meanwhile.
    Happening next(Inward hearing) throws InterruptedException {
        client = hearing;
        try {
            return happenings.take();
        } finally {
            client = null;
        }
    }

    /// The questions that are open, by key.
    synchronized Map<String, Question> questions() {
        return new LinkedHashMap<>(questions);
    }

    /// Answers what is answered.
    synchronized void answer(Json.Obj responses) {
        questions.entrySet().removeIf(open -> {
            if (!(responses.at(open.getKey()).orElse(Json.NULL) instanceof Json.Obj response)) return false;
            return open.getValue().reply().complete(response);
        });
    }

    /// Nobody will come back for it.
    synchronized void giveUp() {
        questions.values().forEach(it -> it.reply().cancel(false));
        var running = thread;
        if (running != null && running.isAlive()) running.interrupt();
    }

    @Override
    public void notification(String method, Json.Obj params) {
        var hearing = client;
        if (hearing != null) hearing.notification(method, params);
    }

    @Override
    public Json.Obj asked(String method, Json.Obj params) throws Unanswered, InterruptedException {
        if (!with.canBeAsked(method, params)) {
            missing = method;
            throw new Unanswered(JsonRpc.METHOD_NOT_FOUND, "this client offers no such method");
        }
        var key = "question-" + keys.incrementAndGet();
        var question = new Question(method, params, new CompletableFuture<>());
        synchronized (this) {
            questions.put(key, question);
        }
        happenings.add(new Happening.Asked(key));
        try {
            return question.reply().get(RequestStates.LIFE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CancellationException | TimeoutException gone) {
            throw new Unanswered(JsonRpc.INTERNAL_ERROR, "the client does not answer");
        } finally {
            synchronized (this) {
                questions.remove(key);
            }
        }
    }
}
