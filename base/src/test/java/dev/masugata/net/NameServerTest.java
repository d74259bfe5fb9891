package dev.masugata.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NameServerTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private UnsafeDatagramSocket socket;
    private NameServer server;

    @BeforeEach
    void serve() throws Exception {
        socket = UnsafeDatagramSocket.bound();
        server = NameServer.adopt(socket.number(), (name, six) -> {
            asked.add(name + (six ? " six" : ""));
            if (name.equals("no.example")) return Optional.empty();
            try {
                return Optional.of(InetAddress.getByName(six ? "fd00::1" : "198.19.0.1"));
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static byte[] question(int id, int flags, String name, int type) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(flags);
        for (int count : new int[] {1, 0, 0, 0}) out.writeShort(count);
        for (var label : name.split("\\.")) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.writeByte(0);
        out.writeShort(type);
        out.writeShort(1);
        return bytes.toByteArray();
    }

    private byte[] ask(byte[] question) throws IOException {
        try (var client = new DatagramSocket()) {
            client.setSoTimeout(2_000);
            client.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), socket.port()));
            var in = new DatagramPacket(new byte[600], 600);
            client.receive(in);
            return Arrays.copyOf(in.getData(), in.getLength());
        }
    }

    private static int code(byte[] answer) {
        return answer[3] & 15;
    }

    private static int answers(byte[] answer) {
        return ByteBuffer.wrap(answer).getShort(6);
    }

    @Test
    void aNameHasAnAddressOfEachKind() throws Exception {
        var four = ask(question(0x1234, 0x0100, "Docs.Example.COM", 1));
        assertEquals(0x1234, ByteBuffer.wrap(four).getShort(0));
        assertEquals(0, code(four));
        assertArrayEquals(new byte[] {(byte) 198, 19, 0, 1}, Arrays.copyOfRange(four, four.length - 4, four.length));
        var six = ask(question(1, 0x0100, "docs.example.com", 28));
        assertEquals(1, six[six.length - 1]);
        assertEquals(List.of("docs.example.com", "docs.example.com six"), asked);
    }

    @Test
    void nothingElseIsToldOfAName() throws Exception {
        for (int type : new int[] {5, 15, 16, 33, 64, 65, 255}) {
            var answer = ask(question(1, 0x0100, "docs.example.com", type));
            assertEquals(0, code(answer), "type " + type);
            assertEquals(0, answers(answer), "type " + type);
        }
        var none = ask(question(1, 0x0100, "no.example", 1));
        assertEquals(3, code(none));
    }

    @Test
    void whatIsNoNameIsRefused() throws Exception {
        assertEquals(1, code(ask(question(1, 0, "ex ample.com", 1))));
        assertEquals(1, code(ask(question(1, 0, "b\u00fccher.example", 1))));
        assertEquals(1, code(ask(question(1, 0, ("a".repeat(60) + ".").repeat(5) + "com", 1))));
        var pointer = question(1, 0, "a", 1);
        pointer[12] = (byte) 0xC0;
        assertEquals(1, code(ask(pointer)));
        assertEquals(1, code(ask(Arrays.copyOf(question(1, 0, "example.com", 1), 20))));
        assertEquals(4, code(ask(question(1, 0x2800, "example.com", 1))));
        assertEquals(List.of(), asked);
    }

    @Test
    void anAnswerIsNeverAnswered() {
        assertThrows(SocketTimeoutException.class, () -> ask(question(1, 0x8000, "example.com", 1)));
    }
}
