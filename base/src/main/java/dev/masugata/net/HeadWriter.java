package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// Writes heads. Every part was checked when it was made, so none can bring a line of its own.
final class HeadWriter {
    private HeadWriter() {}

    static void response(ByteBuf out, int status, Headers headers) {
        ascii(
                out,
                "HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n");
        fields(out, headers);
    }

    static void request(ByteBuf out, String method, String target, Headers headers) {
        ascii(out, method + " " + target + " HTTP/1.1\r\n");
        fields(out, headers);
    }

    static void field(ByteBuf out, String name, String value) {
        out.writeCharSequence(name, StandardCharsets.ISO_8859_1);
        out.writeByte(':').writeByte(' ');
        out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        out.writeByte('\r').writeByte('\n');
    }

    static void end(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
    }

    private static void fields(ByteBuf out, Headers headers) {
        for (var field : headers) field(out, field.name(), field.value());
    }

    private static void ascii(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }
}
