/// HTTP/1.1 as a server and as a client, with small blocking types: handlers run on virtual threads, bodies flow with
/// back pressure both ways, everything from outside has a limit.
///
/// Netty moves and frames the bytes and appears in no public signature. In front of its parser stands
/// [HeadScan], which lets only one notation of HTTP through, so that nobody before or behind reads a message
/// differently. A connection's pipeline is built in [Server] and [Dial]: HTTP/2, WebSocket, CONNECT and
/// interception begin there.
@NullMarked
package dev.masugata.net;

import org.jspecify.annotations.NullMarked;
