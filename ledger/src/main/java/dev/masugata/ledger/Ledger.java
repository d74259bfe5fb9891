package dev.masugata.ledger;

import dev.masugata.model.Event;
import dev.masugata.model.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The history of one home, open for writing. There is one in all processes.
///
/// What `append` returns is durable. When the ledger cannot write every append throws [LedgerUnavailable]; when it can
/// again they go through again, and nothing acknowledged is ever missing. What was refused may still be in the record
/// if the machine failed in the middle: the record can hold more than was acknowledged, never less.
public final class Ledger implements AutoCloseable {
    /// As a reference from one event of a group to another: the group's first event, whose number is not known yet.
    public static final long FIRST = -1;

    private final LedgerOptions options;
    private final WriterLock lock;
    private final Folds folds = new Folds();
    private final Accounts accounts;
    private final Cursors cursors = new Cursors();
    private final Extent extent = new Extent();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final LedgerReader reader;
    private final Writer writer;
    private final Thread writing;
    private final Intake intake;
    private final Signer signer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Ledger(LedgerOptions options, WriterLock lock) throws IOException, SQLException {
        this.options = options;
        this.lock = lock;
        var keys = keys(options);
        var heads = new Heads(keys.signing(), options.headFile());
        accounts = new Accounts(options.limits());
        if (!options.reserve().hold())
            problem("no room for the reserve of " + options.limits().reserveBytes() + " bytes: free some space");
        createDatabase(options.database());
        Writer.Opener opener = () -> Book.open(options, keys, heads, folds, this::problem);
        var book = opener.open();
        try {
            accounts.load(book.database(), Stamp.micros(options.clock().instant()));
        } catch (SQLException e) {
            book.close();
            throw e;
        }
        extent.reached(book.size());
        writer = new Writer(options, opener, book, accounts, cursors, heads, extent::reached);
        reader = new LedgerReader(options, keys, book.size());
        writing = Thread.ofPlatform().name("ledger writer").start(writer);
        intake = new Intake(options, writer, accounts);
        signer = new Signer(writer, heads, extent, options.limits().headEvery());
    }

    /// Opens the ledger of a home, and makes it where there is none.
    ///
    /// @throws LedgerUnavailable when another process writes it, when it does not fit its head file, or when it cannot
    ///     be read
    public static Ledger open(LedgerOptions options) {
        try {
            var private_ = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            if (!Files.isDirectory(options.home())) Files.createDirectories(options.home(), private_);
            var lock = WriterLock.take(options.lock());
            Ledger ledger;
            try {
                ledger = new Ledger(options, lock);
            } catch (SQLException | IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
            try {
                ledger.finishRemovals();
                return ledger;
            } catch (RuntimeException e) {
                ledger.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            throw new LedgerUnavailable(
                    "the ledger at `" + options.database() + "` cannot be opened: " + e.getMessage(), e);
        }
    }

    /// New keys only for a new ledger: with others nothing on record would verify.
    private static Keys keys(LedgerOptions options) throws IOException {
        boolean fresh = Files.notExists(options.database()) && Files.notExists(options.headFile().file());
        return fresh ? Keys.openOrCreate(options.keys(), options.random()) : Keys.open(options.keys());
    }

    /// SQLite would make it readable by others; its log and its index take after it.
    private static void createDatabase(Path database) throws IOException {
        if (Files.exists(database)) return;
        Files.createFile(database, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private void problem(String what) {
        if (problems.contains(what)) return; // told before, when the record was opened for the first time
        problems.add(what);
        System.getLogger("masugata.ledger").log(System.Logger.Level.ERROR, what);
    }

    private void finishRemovals() {
        var unfinished = reader.unfinishedRemovals();
        if (unfinished.isEmpty()) return;
        var removal = new Removal(writer);
        unfinished.forEach(entry -> removal.carryOut(entry.seq(), entry.event()));
        removal.emptyLog();
    }

    /// Records an event.
    ///
    /// @return its sequence number, once it is durable
    /// @throws LedgerUnavailable when it cannot be written
    /// @throws QuotaExceeded     when its caller has used up what it may record
    /// @throws IllegalArgumentException when it uses an approval: see [#appendIf]
    public long append(Event event) {
        return Intake.await(intake.put(List.of(event), null)).orElseThrow();
    }

    /// As [#append], without waiting. The future is completed on the writer's thread: what is chained to it must not
    /// wait for anything.
    public CompletableFuture<Long> submit(Event event) {
        return intake.put(List.of(event), null).thenApply(Optional::orElseThrow);
    }

    /// Records events one right after the other, all of them or none. A reference of [#FIRST] means the first of them.
    ///
    /// @param events of one caller
    /// @return the sequence number of the first
    public long appendAll(List<? extends Event> events) {
        return Intake.await(intake.put(events, null)).orElseThrow();
    }

    /// Records the event if the condition holds at that very moment: between the look and the record nothing comes.
    ///
    /// @return empty: it did not hold, and nothing was recorded
    public Optional<Long> appendIf(Event event, Condition condition) {
        return Intake.await(intake.put(List.of(event), condition));
    }

    /// As [#appendIf], for events that belong together.
    public Optional<Long> appendAllIf(List<? extends Event> events, Condition condition) {
        return Intake.await(intake.put(events, condition));
    }

    /// What the record says is so, from memory, as of the last commit.
    public Standing standing() {
        return folds.committed();
    }

    /// Reads the record, on connections of its own.
    public LedgerReader reader() {
        return reader;
    }

    /// False from an append that could not be written until one could be again.
    public boolean isWritable() {
        return writer.isWritable();
    }

    /// How many entries are durable.
    public long size() {
        return extent.size();
    }

    /// Transactions so far; each is one fsync.
    public long commits() {
        return writer.commits();
    }

    /// What was found at the start and is not as it should be: forged events and a snapshot that was tampered with
    /// (neither is believed), no room for the reserve.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /// Calls the consumer for every entry, in order, on a thread of its own: from where the follower of this name
    /// came to, or from `fromSeq` on if there was none. At any time one follower has a name.
    public synchronized Follower follow(String name, long fromSeq, Consumer<Entry> consumer) {
        followers.removeIf(Follower::isOver);
        if (followers.stream().anyMatch(it -> it.name().equals(name)))
            throw new IllegalArgumentException("`" + name + "` follows already");
        long cursor = cursors.of(name).or(() -> reader.cursor(name)).orElse(Math.max(0, fromSeq - 1));
        var follower = new Follower(name, cursor, consumer, reader.connections(), extent, cursors).start();
        followers.add(follower);
        return follower;
    }

    /// A signed checkpoint over all that is durable now (C2SP tlog-checkpoint), also kept in the head file.
    public String checkpoint() {
        return signer.sign().toString();
    }

    /// Erases payloads: nothing remains from which they could be guessed, and the proofs still hold. The erasure is
    /// itself on record.
    ///
    /// @throws LedgerUnavailable when it is not finished; it is carried on at the next start
    public Removed erase(Principal by, List<Scope> scopes) {
        var removal = new Removal(writer);
        var seqs = new ArrayList<Long>();
        for (var scope : scopes) {
            var event = new Erased(scope).event(by);
            seqs.add(append(event));
            removal.carryOut(seqs.getLast(), event);
        }
        return new Removed(seqs, removal.count(), removal.emptyLog());
    }

    /// As [#erase], of all that one user did: of his sessions, of his agents, and of himself as an operator.
    public Removed eraseUser(Principal by, String user) {
        var scopes = new ArrayList<Scope>();
        standing().sessions().all().stream()
                .filter(it -> it.user().equals(user))
                .forEach(it -> scopes.add(new Scope.OfSession(it.id())));
        standing().agents().all().stream()
                .filter(it -> it.user().equals(user))
                .forEach(it -> scopes.add(new Scope.OfPrincipal("agent:" + it.id())));
        scopes.add(new Scope.OfPrincipal("operator:" + user));
        return erase(by, scopes);
    }

    /// Drops what is older: payloads, and entries that no fold needs any more. Their hashes stay, so that all proofs
    /// hold.
    public Removed retain(Principal by, Duration age) {
        return new Retention(options, folds, reader, writer, accounts).retain(by, age, this::appendIf);
    }

    /// Writes what waits, signs the last checkpoint, and lets the lock go.
    @Override
    public void close() {
        if (closed.getAndSet(true)) return;
        // A thread that was told to end must still tell the writer so, or it would wait for it for ever.
        boolean interrupted = Thread.interrupted();
        followers.forEach(Follower::close);
        signer.stop();
        // The last connection to close moves the log into the database, and only the writer's can.
        reader.close();
        writer.stop();
        joinWriter();
        if (interrupted) Thread.currentThread().interrupt();
        try {
            lock.close();
        } catch (IOException e) {
            throw new LedgerUnavailable("the ledger's lock could not be let go", e);
        }
    }

    private void joinWriter() {
        boolean interrupted = false;
        while (true) {
            try {
                writing.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // what was acknowledged is durable, but the lock must not go before the writer
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
