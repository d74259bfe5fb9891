package dev.masugata.ledger;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The one thread that writes. It takes what waits, up to a limit, into one transaction with one fsync: while that
/// lasts the next group gathers by itself.
final class Writer implements Runnable {
    /// What the writer is asked to do.
    sealed interface Work permits Pending, Task {
        /// It will not be done. Nothing happens if it was done.
        void abandoned(LedgerUnavailable why);
    }

    /// Something between two transactions.
    record Task(Job job, CompletableFuture<Void> done) implements Work {
        @Override
        public void abandoned(LedgerUnavailable why) {
            done.completeExceptionally(why);
        }
    }

    interface Job {
        void run(Book book) throws SQLException, IOException;
    }

    /// Opens the book, at the start and after every failure.
    interface Opener {
        Book open() throws SQLException, IOException;
    }

    private static final System.Logger LOG = System.getLogger("masugata.ledger");
    private static final Task STOP = new Task(_ -> {}, new CompletableFuture<>());

    private final LedgerOptions options;
    private final Opener opener;
    private final Reserve reserve;
    private final Accounts accounts;
    private final Cursors cursors;
    private final Heads heads;
    private final LongConsumer durable;
    private final AtomicLong commits = new AtomicLong();
    private final Inbox inbox;
    private @Nullable Book book;
    private List<Work> inHand = List.of();
    private boolean full;
    private volatile boolean writable = true;

    /// @param durable hears the size of the record after each commit; it must not wait for anything
    Writer(
            LedgerOptions options, Opener opener, Book book, Accounts accounts, Cursors cursors, Heads heads,
            LongConsumer durable) {
        this.options = options;
        this.opener = opener;
        this.book = book;
        this.accounts = accounts;
        this.cursors = cursors;
        this.heads = heads;
        this.durable = durable;
        reserve = options.reserve();
        inbox = new Inbox(options.limits().batchEvents());
    }

    /// False while the last attempt to write failed.
    boolean isWritable() {
        return writable;
    }

    /// Commits so far; each is one fsync.
    long commits() {
        return commits.get();
    }

    /// Hands work over. Waits while there is too much of it.
    ///
    /// @throws LedgerUnavailable when the ledger is closed
    void put(Work work) {
        inbox.put(work);
    }

    /// Ends the thread after what waits has been written, and signed.
    void stop() {
        try {
            inbox.put(STOP);
        } catch (LedgerUnavailable ended) {
            LOG.log(Level.DEBUG, "the writer had ended before", ended);
        }
    }

    /// Runs a job between two transactions, and waits for it.
    void call(Job job) {
        var task = new Task(job, new CompletableFuture<>());
        put(task);
        try {
            task.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LedgerUnavailable why
                    ? new LedgerUnavailable(String.valueOf(why.getMessage()), why)
                    : new LedgerUnavailable("the ledger failed", e);
        }
    }

    @Override
    public void run() {
        var why = new LedgerUnavailable("the ledger is closed");
        try {
            do inHand = inbox.takeGroup();
            while (work(inHand));
        } catch (InterruptedException e) {
            why = new LedgerUnavailable("the ledger's writer was interrupted: restart the gate", e);
        } catch (Throwable broken) {
            why = new LedgerUnavailable("the ledger's writer broke: restart the gate", broken);
            throw broken;
        } finally {
            inbox.close(why);
            // What was taken and not answered; those answered already do not hear it.
            for (var left : inHand) left.abandoned(why);
        }
    }

    /// @return false when it was told to stop
    private boolean work(List<Work> group) {
        var batch = new ArrayList<Pending>();
        for (var work : group) {
            switch (work) {
                case Pending pending -> batch.add(pending);
                case Task task -> {
                    commit(batch);
                    batch.clear();
                    if (task == STOP) {
                        close();
                        return false;
                    }
                    run(task);
                }
            }
        }
        commit(batch);
        return true;
    }

    private void run(Task task) {
        try {
            task.job().run(book());
            task.done().complete(null);
        } catch (SQLException | IOException | RuntimeException e) {
            drop();
            task.abandoned(known(e));
        }
    }

    private void commit(List<Pending> batch) {
        if (batch.isEmpty()) return;
        try {
            if (full) refuseUntilRoom(batch);
            attempt(batch);
        } catch (SQLException | IOException | RuntimeException e) {
            drop();
            recover(batch, e);
        }
    }

    /// While the disk is full only operators' events are tried; the others wait until the reserve is whole again.
    private void refuseUntilRoom(List<Pending> batch) throws IOException {
        if (reserve.hold()) {
            full = false;
            return;
        }
        var why = new LedgerUnavailable(noRoom());
        batch.stream().filter(it -> !it.privileged()).forEach(it -> it.failed(why));
        batch.removeIf(it -> !it.privileged());
    }

    private void attempt(List<Pending> batch) throws SQLException, IOException {
        if (batch.isEmpty()) return;
        var book = book();
        var results = new ArrayList<Runnable>(batch.size());
        long before = book.size();
        for (var pending : batch) results.add(add(book, pending));
        if (book.size() > before) {
            book.commit(accounts, cursors);
            writable = true;
            commits.incrementAndGet();
            durable.accept(book.size());
        }
        results.forEach(Runnable::run);
    }

    /// Adds what belongs together to the open transaction.
    ///
    /// @return what its caller will be told once the transaction is durable
    private Runnable add(Book book, Pending pending) throws SQLException {
        var now = options.clock().instant();
        long micros = Stamp.micros(now);
        if (!book.hasRoom(pending.privileged())) {
            var why = atLimit(pending.privileged());
            return () -> pending.failed(why);
        }
        try {
            var condition = pending.condition();
            if (condition != null && !condition.holds(book.folds().working(), Stamp.instant(book.time(micros))))
                return () -> pending.recorded(Optional.empty());
        } catch (RuntimeException broken) {
            return () -> pending.failed(broken); // its caller's fault, before anything was added
        }
        long first = book.add(pending.items(), micros);
        return () -> pending.recorded(Optional.of(first));
    }

    /// After a failure nothing of the batch counts: what can be saved is tried once more.
    private void recover(List<Pending> batch, Exception e) {
        if (e instanceof SQLException sql && Database.isFull(sql)) {
            recoverFull(batch, sql);
        } else if (batch.size() > 1 && !(e instanceof LedgerUnavailable)) {
            // One of them may be the cause. Alone, it harms nobody else.
            for (var pending : List.copyOf(batch)) commit(new ArrayList<>(List.of(pending)));
        } else {
            var why = known(e);
            batch.forEach(it -> it.failed(why));
        }
    }

    private void recoverFull(List<Pending> batch, SQLException e) {
        boolean already = full;
        full = true;
        var why = new LedgerUnavailable(noRoom() + " (" + e.getMessage() + ")", e);
        batch.stream().filter(it -> !it.privileged()).forEach(it -> it.failed(why));
        var privileged = new ArrayList<>(batch.stream().filter(Pending::privileged).toList());
        if (privileged.isEmpty()) return;
        try {
            // A second failure with the reserve already given back is the end of it.
            if (already && !reserve.isHeld()) throw e;
            reserve.release();
            attempt(privileged);
        } catch (SQLException | IOException | RuntimeException again) {
            drop();
            privileged.forEach(it -> it.failed(why));
        }
    }

    private Book book() throws SQLException, IOException {
        var open = book;
        if (open == null) {
            book = open = opener.open();
            durable.accept(open.size());
        }
        return open;
    }

    /// Lets the book go: the next use opens it anew from what is on the disk.
    private void drop() {
        writable = false;
        var open = book;
        book = null;
        accounts.again();
        if (open == null) return;
        try {
            open.close();
        } catch (SQLException closing) {
            // What failed before is what is reported; a connection that cannot even close is gone either way.
            LOG.log(Level.DEBUG, "closing a failed connection", closing);
        }
    }

    private void close() {
        try {
            var last = book();
            last.close(accounts, cursors);
            heads.publish(last.size(), last.root());
        } catch (SQLException | IOException | RuntimeException e) {
            // All that was acknowledged is durable already; only the next start takes longer.
            LOG.log(Level.WARNING, "the ledger closed without a last snapshot", e);
            drop();
        }
    }

    private String noRoom() {
        return "the ledger cannot write: no room at `" + options.database()
                + "`; free some space, nothing passes until then";
    }

    private LedgerUnavailable atLimit(boolean privileged) {
        long most = options.limits().maxBytes() - (privileged ? 0 : options.limits().operatorBytes());
        return new LedgerUnavailable("the ledger has reached its limit of " + most
                + " bytes; raise the limit or shorten `ledger.retention`, nothing passes until then");
    }

    private LedgerUnavailable known(Exception e) {
        if (e instanceof LedgerUnavailable it) return it;
        return new LedgerUnavailable("the ledger cannot write to `" + options.database() + "`: " + e.getMessage(), e);
    }
}
