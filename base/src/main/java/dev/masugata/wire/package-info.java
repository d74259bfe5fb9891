/// Strict JSON, JSON-RPC 2.0 and server-sent events: how bytes from outside are read, once, and written again.
@NullMarked
package dev.masugata.wire;

import org.jspecify.annotations.NullMarked;
