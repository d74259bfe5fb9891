package dev.masugata.gates.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NamePoolTest {
    private final NamePool pool = new NamePool();

    private String four(String name) {
        return pool.address(name, false).orElseThrow().getHostAddress();
    }

    private String six(String name) {
        return "[" + pool.address(name, true).orElseThrow().getHostAddress() + "]";
    }

    @Test
    void aNameKeepsItsAddressAndIsKnownByIt() {
        assertEquals(four("a.example"), four("a.example"));
        assertNotEquals(four("a.example"), four("b.example"));
        assertEquals(Optional.of("a.example"), pool.name(four("a.example")));
        assertEquals(Optional.of("b.example"), pool.name(six("b.example")));
        assertTrue(four("a.example").startsWith("198.19."));
    }

    @Test
    void anAddressThatWasGivenToNobodyIsNoName() {
        assertEquals(Optional.empty(), pool.name("198.19.0.1"));
        four("a.example");
        for (var other : new String[] {"198.19.0.2", "198.18.0.1", "10.0.0.1", "[fd00::1]", "[::1]"})
            assertEquals(Optional.empty(), pool.name(other), other);
    }

    @Test
    void whatIsNoPlainNameHasNone() {
        for (var name : new String[] {"127.1", "0x7f000001", "a..example", "-a.example", "localhost", "x.internal"})
            assertEquals(Optional.empty(), pool.address(name, false), name);
    }

    @Test
    void namesOfASessionHaveAnEnd() {
        for (int i = 0; i < NamePool.NAMES_MAX; i++) pool.address("n" + i + ".example", false);
        assertEquals(Optional.empty(), pool.address("more.example", false));
        assertTrue(pool.address("n0.example", false).isPresent(), "those that are known stay");
    }
}
