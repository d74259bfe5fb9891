package dev.masugata.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private final Headers headers = Headers.of("A", "1", "b", "2", "a", "3");

    @Test
    void keepsOrderAndIgnoresCase() {
        assertEquals(List.of("1", "3"), headers.all("a"));
        assertEquals(Optional.of("1"), headers.first("a"));
        assertEquals(Optional.empty(), headers.one("a"), "two are not one");
        assertEquals(Optional.of("2"), headers.one("B"));
        assertEquals(Headers.of("b", "2", "a", "4"), headers.with("a", "4"));
        assertEquals(Headers.of("A", "1", "b", "2", "a", "3", "B", "4"), headers.plus("B", "4"));
        assertEquals(Headers.of("b", "2"), headers.without("A"));
        assertEquals(3, headers.size());
    }

    @Test
    void findsTokensInLists() {
        var connection = Headers.of("connection", "keep-alive, Upgrade", "Connection", "x-a");
        assertTrue(connection.hasToken("Connection", "upgrade") && connection.hasToken("connection", "X-A"));
        assertFalse(connection.hasToken("connection", "keep"));
    }

    @Test
    void passesOnWhatIsNotOfTheConnection() {
        var all = Headers.of(
                "Connection",
                "close, X-Hop",
                "x-hop",
                "1",
                "Keep-Alive",
                "timeout=5",
                "TE",
                "trailers",
                "Upgrade",
                "h2c",
                "Transfer-Encoding",
                "chunked",
                "Content-Length",
                "5",
                "Proxy-Authorization",
                "Basic x",
                "X-End",
                "2",
                "Authorization",
                "Bearer x");
        assertEquals(Headers.of("X-End", "2", "Authorization", "Bearer x"), all.endToEnd());
    }

    @Test
    void holdsNoSecretInItsText() {
        assertFalse(Headers.of("authorization", "Bearer hunter2").toString().contains("hunter2"));
    }

    @Test
    void refusesWhatIsNoHeader() {
        for (var name : List.of("", "a b", "a:", "a\n", "ä", "(a)"))
            assertThrows(IllegalArgumentException.class, () -> Headers.of(name, "x"));
        for (var value : List.of("a\r\nb: c", "a\n", "a\0", "\u007f", " a", "a\t", "\u0100"))
            assertThrows(IllegalArgumentException.class, () -> Headers.of("a", value));
        Headers.of("a!#$%&'*+-.^_`|~9", "", "b", "a\tb c\u00ff");
    }
}
