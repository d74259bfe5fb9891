package dev.masugata.ledger;

/// One caller has used up what it may record. A refusal of this caller: the ledger itself is well.
public final class QuotaExceeded extends RuntimeException {
    private final String account;
    private final String dimension;
    private final long limit;

    QuotaExceeded(String account, String dimension, long limit) {
        super("`" + account + "` may record no more: its limit is " + limit + " " + dimension);
        this.account = account;
        this.dimension = dimension;
        this.limit = limit;
    }

    /// Whose quota: a session, or a principal outside of sessions.
    public String account() {
        return account;
    }

    /// Of what: `events`, `bytes`, `events at once`, `bytes in one entry`, `bytes in one payload`.
    public String dimension() {
        return dimension;
    }

    public long limit() {
        return limit;
    }
}
