package dev.masugata.net;

/// Answers requests, each on a virtual thread of its own.
public interface Handler {
    /// What it throws becomes a 500 without a word about the inside; [RequestFault] its own status, [ClientGone]
    /// nothing.
    Response handle(Request request) throws Exception;

    /// Told of a request that the server refused by itself, so that it can be recorded. The answer has been given.
    ///
    /// @param why what was wrong; it does not repeat the request
    default void refused(Peer peer, int status, String why) {}
}
