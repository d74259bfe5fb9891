package dev.masugata.gates.egress;

import dev.masugata.net.NameServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Addresses of one session for the names it asks for. They lead nowhere but to the gate, which knows the name again by
/// the address: so no name is looked up anywhere before what is wanted of it was judged.
///
/// Addresses are of the range for benchmarks of networks (RFC 2544), its upper half, and of one of unique local ones
/// (RFC 4193); a name keeps its own.
public final class NamePool implements NameServer.Names {
    /// Names of one session; past it there is none of that name.
    static final int NAMES_MAX = 60_000;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();

    @Override
    public synchronized Optional<InetAddress> address(String name, boolean six) {
        if (!Reading.isPlainHost(name) || name.endsWith(".internal") || name.equals(
                "localhost")) return Optional.empty();
        var known = numbers.get(name);
        if (known == null) {
            if (numbers.size() >= NAMES_MAX) return Optional.empty();
            known = numbers.size() + 1;
            numbers.put(name, known);
            names.put(known, name);
        }
        try {
            return Optional.of(InetAddress.getByAddress(six ? six(known) : four(known)));
        } catch (UnknownHostException always4Or16Bytes) {
            throw new IllegalStateException(always4Or16Bytes);
        }
    }

    private static byte[] four(int number) {
        return new byte[] {(byte) 198, 19, (byte) (number >> 8), (byte) number};
    }

    private static byte[] six(int number) {
        var address = new byte[16];
        var prefix = new int[] {0xfd, 0x6d, 0x61, 0x73, 0x75};
        for (int i = 0; i < prefix.length; i++) address[i] = (byte) prefix[i];
        address[14] = (byte) (number >> 8);
        address[15] = (byte) number;
        return address;
    }

    /// The name that an address was given for.
    ///
    /// @param literal as [dev.masugata.net.Wanted] writes it, an IPv6 one in brackets
    synchronized Optional<String> name(String literal) {
        try {
            var bare = literal.startsWith("[") ? literal.substring(1, literal.length() - 1) : literal;
            var bytes = InetAddress.getByName(bare).getAddress();
            int last = bytes.length;
            int number = (bytes[last - 2] & 0xFF) << 8 | bytes[last - 1] & 0xFF;
            boolean ours = Arrays.equals(bytes, last == 4 ? four(number) : six(number));
            return ours ? Optional.ofNullable(names.get(number)) : Optional.empty();
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }
}
