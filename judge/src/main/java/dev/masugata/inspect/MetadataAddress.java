package dev.masugata.inspect;

import java.util.regex.Pattern;

/// The address at which a cloud's machine asks for its own credentials, however it is written: 169.254.169.254 in
/// decimal, hex, octal, as one number, in IPv6.
final class MetadataAddress implements Scanner {
    private static final long ADDRESS = 0xA9FEA9FEL;
    private static final Pattern HOST = Pattern.compile(
            "(?:0[xX][0-9a-fA-F]{1,10}|[0-9]{1,12})(?:\\.(?:0[xX][0-9a-fA-F]{1,10}|[0-9]{1,12})){0,3}"
                    + "|\\[?(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4}|[0-9.]{7,15})\\]?"
                            + "|metadata\\.google\\.internal");
    private static final int HOST_CHARS = 48;

    @Override
    public void scan(Span span, Hits hits) {
        var text = span.text();
        for (int at = span.from(); at < span.to(); at++) {
            boolean begins = at == 0 || !isPart(text.charAt(at - 1));
            if (!begins || !DigitRuns.isDigit(text.charAt(at)) && "[:mf".indexOf(text.charAt(at)) < 0) continue;
            int end = at;
            while (end < span.to() && end - at < HOST_CHARS && (isPart(text.charAt(end))
                    || "[]".indexOf(text.charAt(end)) >= 0))
                end++;
            var host = text.substring(at, end);
            while (host.endsWith(":") || host.endsWith(".")) host = host.substring(0, host.length() - 1);
            if (isMetadata(host)) hits.at(at, at + host.length());
            at = Math.max(at, end - 1);
        }
    }

    private static boolean isPart(char c) {
        return Randomness.isLetter(c) || DigitRuns.isDigit(c) || c == '.' || c == ':';
    }

    private static boolean isMetadata(String given) {
        var host = given.replace("[", "").replace("]", "");
        if (!HOST.matcher(host).matches()) {
            int port = host.lastIndexOf(':');
            return port > 0 && host.indexOf(':') == port && isMetadata(host.substring(0, port));
        }
        if (host.equals("metadata.google.internal")) return true;
        if (host.contains("::") || host.indexOf(':') != host.lastIndexOf(':')) return isSixth(host);
        return number(host.split("\\.")) == ADDRESS && (host.contains(".") || host.length() >= 10);
    }

    /// The parts of an address as `inet_aton` takes them: the last fills what is left.
    private static long number(String[] parts) {
        long value = 0;
        for (int i = 0; i < parts.length; i++) {
            long part = part(parts[i]);
            boolean last = i == parts.length - 1;
            if (part < 0 || !last && part > 255) return -1;
            value = last ? (value << 8 * (4 - i)) + part : value << 8 | part;
        }
        return value;
    }

    private static long part(String part) {
        if (part.length() > 12 || part.isEmpty()) return -1;
        try {
            if (part.startsWith("0x") || part.startsWith("0X")) return Long.parseLong(part.substring(2), 16);
            return Long.parseLong(part, part.length() > 1 && part.charAt(0) == '0' ? 8 : 10);
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    /// `::ffff:a9fe:a9fe`, `::ffff:169.254.169.254`, and the address of its own that one cloud has.
    private static boolean isSixth(String host) {
        var lower = host.toLowerCase(java.util.Locale.ROOT);
        return lower.endsWith(":a9fe:a9fe") || lower.endsWith(":169.254.169.254") || lower.equals("fd00:ec2::254");
    }
}
