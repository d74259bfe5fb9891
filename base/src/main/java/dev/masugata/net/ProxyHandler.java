package dev.masugata.net;

/// Answers for a proxy: requests of the absolute form, and all that is read inside of what was opened.
public interface ProxyHandler extends Handler {
    /// Asked once for each `CONNECT` and SOCKS5 request. Nothing was dialed yet, and nothing will be by this alone.
    Opening open(Wanted wanted) throws Exception;
}
