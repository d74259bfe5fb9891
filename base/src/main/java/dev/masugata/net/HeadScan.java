package dev.masugata.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Looks at the raw bytes of a head before they are parsed, and lets through only what every reader of HTTP/1.1
/// understands the same: lines end with CRLF, no folding, no white space before a colon, no control characters,
/// single spaces in the first line (RFC 9112 sections 2.2, 3 and 5). What a lenient parser would mend is refused,
/// because the one behind us might mend it differently.
final class HeadScan {
    private final HeadLimits limits;
    private final boolean request;

    private int searched;
    private int lineStart;
    private int lines;

    HeadScan(HeadLimits limits, boolean request) {
        this.limits = limits;
        this.request = request;
    }

    void reset() {
        searched = 0;
        lineStart = 0;
        lines = 0;
    }

    /// True when the head that begins at the reader index is there to its end and good; the buffer is not moved.
    boolean isWhole(ByteBuf in) throws Malformed {
        int base = in.readerIndex();
        int end = in.writerIndex();
        if (request && base < end && !isUpper(in.getByte(base)))
            throw new Malformed(400, "a request begins with its method in capitals");
        for (; ; ) {
            int feed = in.indexOf(base + searched, end, (byte) '\n');
            searched = (feed < 0 ? end : feed + 1) - base;
            checkSize();
            if (feed < 0) return false;
            if (line(in, base + lineStart, feed)) return true;
            lineStart = searched;
            lines++;
        }
    }

    private void checkSize() throws Malformed {
        if (lines == 0 && searched > limits.line())
            throw new Malformed(414, "the first line has more than " + limits.line() + " bytes");
        if (searched > limits.bytes()) throw new Malformed(431, "the head has more than " + limits.bytes() + " bytes");
    }

    /// Checks the line `[from, feed)`, where `feed` is the place of its line feed; true if it is the empty one at the
    /// end.
    private boolean line(ByteBuf in, int from, int feed) throws Malformed {
        if (feed == from || in.getByte(feed - 1) != '\r') throw new Malformed(400, "a line does not end with CRLF");
        int end = feed - 1;
        for (int i = from; i < end; i++) {
            byte b = in.getByte(i);
            boolean control = b >= 0 && b < 0x20 && b != '\t' || b == 0x7F;
            if (control || (b == '\t' && lines == 0)) throw new Malformed(400, "a control character in the head");
        }
        if (lines == 0) {
            var text = in.toString(from, end - from, StandardCharsets.ISO_8859_1);
            if (request) requestLine(text);
            else statusLine(text);
            return false;
        }
        if (end == from) return true;
        if (lines > limits.fields()) throw new Malformed(431, "the head has more than " + limits.fields() + " fields");
        field(in, from, end);
        return false;
    }

    private static void field(ByteBuf in, int from, int end) throws Malformed {
        byte first = in.getByte(from);
        if (first == ' ' || first == '\t') throw new Malformed(400, "a header is folded over two lines");
        int at = from;
        while (at < end && Tokens.isTokenChar(in.getByte(at))) at++;
        if (at == from || at == end || in.getByte(at) != ':')
            throw new Malformed(400, "a header is not a name directly followed by a colon");
    }

    private static void requestLine(String line) throws Malformed {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first < 1 || last <= first + 1 || line.indexOf(' ', first + 1) != last)
            throw new Malformed(400, "a request line is a method, a target and a version with single spaces between");
        if (!Tokens.isMethod(line.substring(0, first))) throw new Malformed(400, "the method is not one");
        var version = line.substring(last + 1);
        if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) return;
        boolean other = version.length() == 8 && version.startsWith("HTTP/") && Character.isDigit(version.charAt(5));
        throw new Malformed(other ? 505 : 400, "the version must be HTTP/1.1");
    }

    private static void statusLine(String line) throws Malformed {
        boolean good = line.length() >= 12
                && (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && Tokens.isDigits(line.substring(9, 12))
                && line.charAt(9) != '0'
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!good) throw new Malformed(502, "the status line is not one of HTTP/1.1");
    }

    private static boolean isUpper(byte b) {
        return b >= 'A' && b <= 'Z';
    }
}
