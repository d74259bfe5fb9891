package dev.masugata.checkpoint;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.masugata.net.AddressGuard;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a stranger names reaches no network that the configured server is not in.
class StrangerGuardTest {
    @ParameterizedTest
    @CsvSource({
        "93.184.215.14, PUBLIC", "1.1.1.1, PUBLIC", "2606:4700::1111, PUBLIC", "172.32.0.1, PUBLIC",
                "100.128.0.1, PUBLIC",
        "10.0.0.1, PRIVATE", "172.16.0.1, PRIVATE", "172.31.255.255, PRIVATE", "192.168.1.1, PRIVATE",
                "100.64.0.1, PRIVATE",
        "198.18.0.1, PRIVATE", "192.0.0.8, PRIVATE", "fd00::1, PRIVATE", "2002:0a00:0001::1, PRIVATE",
        "64:ff9b::192.168.1.1, PRIVATE", "127.0.0.1, LOOPBACK", "127.8.8.8, LOOPBACK", "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK", "64:ff9b::127.0.0.1, LOOPBACK", "169.254.169.254, NEVER", "fe80::1, NEVER",
        "0.0.0.0, NEVER", "0.1.2.3, NEVER", "::, NEVER", "224.0.0.1, NEVER", "255.255.255.255, NEVER", "ff02::1, NEVER",
        "2001:0:1234::1, NEVER", "2002:a9fe:a9fe::1, NEVER"
    })
    void anAddressIsOfOneKind(String address, StrangerGuard.Kind kind) throws Exception {
        assertEquals(kind, StrangerGuard.kind(InetAddress.getByName(address)));
    }

    @Test
    void onlyTheServersOwnKindIsLetThroughBesidePublicOnes() throws Exception {
        passes("https://93.184.215.14/mcp", "1.1.1.1");
        refuses("https://93.184.215.14/mcp", "10.0.0.1");
        refuses("https://93.184.215.14/mcp", "127.0.0.1");
        refuses("https://93.184.215.14/mcp", "169.254.169.254");
        passes("https://10.1.1.1/mcp", "10.0.0.1");
        refuses("https://10.1.1.1/mcp", "127.0.0.1");
        passes("http://127.0.0.1:80/mcp", "127.0.0.1");
        refuses("http://127.0.0.1:80/mcp", "10.0.0.1");
        refuses("http://127.0.0.1:80/mcp", "169.254.169.254");
    }

    private static void passes(String server, String address) {
        assertDoesNotThrow(() -> check(server, address));
    }

    private static void refuses(String server, String address) {
        assertThrows(AddressGuard.Refused.class, () -> check(server, address));
    }

    private static void check(String server, String address) throws Exception {
        StrangerGuard.beside(URI.create(server)).check(new InetSocketAddress(InetAddress.getByName(address), 443));
    }
}
