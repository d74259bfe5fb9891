package dev.masugata.net;

import java.util.Optional;

/// A request that was read strictly. Its thread is its own: whatever blocks in a handler blocks nobody else.
public final class Request {
    private final String method;
    private final Target target;
    private final Authority host;
    private final Headers headers;
    private final Body body;
    private final Peer peer;
    private final Optional<Opening.Inspected> opening;
    private final Serving serving;

    Request(
            String method, Target target, Authority host, Headers headers, Body body, Peer peer,
            Optional<Opening.Inspected> opening, Serving serving) {
        this.method = method;
        this.target = target;
        this.host = host;
        this.headers = headers;
        this.body = body;
        this.peer = peer;
        this.opening = opening;
        this.serving = serving;
    }

    public String method() {
        return method;
    }

    /// The target as it was sent.
    public String target() {
        return target.raw();
    }

    /// The path as it was sent, percent signs kept, without `.` and `..`; `*` for `OPTIONS *`.
    public String path() {
        return target.path();
    }

    /// What follows the question mark, as it was sent.
    public Optional<String> query() {
        return target.query();
    }

    /// `http` or `https`, only where the target was an absolute one or the request came inside of what was opened.
    public Optional<String> scheme() {
        return target.scheme();
    }

    /// The host that was asked for, and its port if one was named, in lower case.
    public String host() {
        return host.text();
    }

    public Headers headers() {
        return headers;
    }

    public Body body() {
        return body;
    }

    /// What it came inside of, at a proxy.
    public Optional<Opening.Inspected> opening() {
        return opening;
    }

    public Peer peer() {
        return peer;
    }

    /// Runs the action once, on a thread of its own, if the client goes (or is cut) before the answer has left; at once
    /// if it has gone already.
    public void onGone(Runnable action) {
        serving.onGone(action);
    }

    public boolean isGone() {
        return serving.isGone();
    }

    /// Ends the connection now, from any thread; the handler notices as if the client had gone.
    public void cut() {
        serving.cut();
    }

    @Override
    public String toString() {
        return method + " " + path();
    }
}
