package dev.masugata.credentials;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes a secret out of what comes back, however it is written there: as it is, in base64 (both alphabets, at each of
/// its three offsets), in hexadecimal, percent-encoded, with the escapes of JSON and HTML. What comes in pieces is
/// looked at as one.
///
/// before -> after: `{"you_sent": "Bearer tok-123456789"}` -> `{"you_sent": "Bearer [masked: credential]"}`.
public final class Scrub {
    /// A shorter secret would be found in what has nothing to do with it.
    public static final int SECRET_CHARS_MIN = 6;
    private static final byte[] MASK = "[masked: credential]".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern PERCENT = Pattern.compile("%[0-9A-F]{2}");

    private final List<byte[]> forms;
    private final int longest;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private long found;

    /// @param secrets those of fewer than [#SECRET_CHARS_MIN] characters are not looked for
    public Scrub(List<String> secrets) {
        var all = new LinkedHashMap<String, byte[]>();
        for (var secret : secrets)
            if (secret.length() >= SECRET_CHARS_MIN)
                for (var form : forms(secret)) all.putIfAbsent(form, form.getBytes(StandardCharsets.UTF_8));
        this.forms = all.values().stream()
                .sorted(Comparator.comparingInt((byte[] it) -> it.length).reversed())
                .toList();
        this.longest = forms.stream().mapToInt(it -> it.length).max().orElse(0);
    }

    /// How a secret may be written.
    static List<String> forms(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var forms = new ArrayList<>(List.of(secret));
        for (int offset = 0; offset < 3; offset++) {
            var shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            var whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            // Characters that carry bits of what stands before or behind say nothing of the secret.
            int from = (offset * 8 + 5) / 6;
            int to = shifted.length * 8 / 6;
            if (to - from < SECRET_CHARS_MIN) continue;
            var core = whole.substring(from, to);
            forms.add(core);
            forms.add(core.replace('+', '-').replace('/', '_'));
        }
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        var percent = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(percent);
        forms.add(percent.replace("+", "%20"));
        for (var form : List.of(percent, percent.replace("+", "%20")))
            forms.add(PERCENT.matcher(form).replaceAll(it -> it.group().toLowerCase(Locale.ROOT)));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        forms.add(secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;"));
        return forms.stream().filter(it -> it.length() >= SECRET_CHARS_MIN).distinct().toList();
    }

    /// How often a secret was taken out so far.
    public long found() {
        return found;
    }

    /// A whole text.
    public String text(String text) {
        var scrub = new Scrub(this);
        var out = new ByteArrayOutputStream();
        out.writeBytes(scrub.accept(text.getBytes(StandardCharsets.UTF_8)));
        out.writeBytes(scrub.finish());
        found += scrub.found;
        return scrub.found == 0 ? text : out.toString(StandardCharsets.UTF_8);
    }

    private Scrub(Scrub other) {
        this.forms = other.forms;
        this.longest = other.longest;
    }

    /// Takes a piece.
    ///
    /// @return what may go out now: all but an end that could become the beginning of a secret
    public byte[] accept(byte[] piece) {
        if (forms.isEmpty()) return piece;
        held.writeBytes(piece);
        var all = held.toByteArray();
        held.reset();
        var out = new ByteArrayOutputStream(all.length);
        int at = 0;
        while (at < all.length) {
            // First, whether a longer form may still come: then nothing shorter is taken for it.
            if (all.length - at < longest && mayBegin(all, at)) break;
            var form = at(all, at);
            if (form == null) {
                out.write(all[at++]);
                continue;
            }
            out.writeBytes(MASK);
            found++;
            at += form.length;
        }
        held.write(all, at, all.length - at);
        return out.toByteArray();
    }

    /// The end: what was held for a longer form may hold a shorter one.
    public byte[] finish() {
        var rest = held.toByteArray();
        held.reset();
        var out = new ByteArrayOutputStream(rest.length);
        for (int at = 0; at < rest.length; ) {
            var form = at(rest, at);
            if (form == null) {
                out.write(rest[at++]);
                continue;
            }
            out.writeBytes(MASK);
            found++;
            at += form.length;
        }
        return out.toByteArray();
    }

    /// The longest form that stands there whole; forms are sorted so.
    private byte @Nullable [] at(byte[] all, int at) {
        for (var form : forms)
            if (all.length - at >= form.length && Arrays.equals(all, at, at + form.length, form, 0, form.length))
                return form;
        return null;
    }

    private boolean mayBegin(byte[] all, int at) {
        int left = all.length - at;
        for (var form : forms)
            if (form.length > left && Arrays.equals(all, at, all.length, form, 0, left)) return true;
        return false;
    }
}
